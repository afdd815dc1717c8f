using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Consoles;

/// <summary>
/// The console of one server on its host: reads the container's terminal always, numbers and keeps what it says, and
/// types what it is told. Outlives the server's grain. Safe for concurrent use.
/// </summary>
public sealed partial class ConsoleSession : IAsyncDisposable
{
    private readonly Lock _sync = new();
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private readonly ServerId _server;
    private readonly IContainerEngine _engine;
    private readonly ConsoleOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ConsoleSession> _logger;
    private readonly ConsoleJournal _journal;
    private readonly ITimer _partialTimer;
    private readonly ITimer _releaseTimer;
    private readonly ConsoleThrottle _throttle;
    private bool _isReleaseDue;
    private bool _isDisposed;

    /// <summary>Opens the server's journal; nothing is attached yet.</summary>
    /// <param name="server">The server.</param>
    /// <param name="folder">Its journals' folder: consoles/&lt;server&gt;. Made when there is something to write.</param>
    /// <param name="engine">The host's engine.</param>
    /// <param name="options">Sizes and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For the operator; console lines never go there.</param>
    public ConsoleSession(ServerId server, string folder, IContainerEngine engine, ConsoleOptions options, TimeProvider time, ILogger<ConsoleSession> logger)
    {
        _server = server;
        _engine = engine;
        _options = options;
        _time = time;
        _logger = logger;
        _journal = new ConsoleJournal(server, folder, options, time, logger);
        _throttle = new ConsoleThrottle(options.ThrottleLines, options.ThrottlePeriod);
        _releaseTimer = time.CreateTimer(static session => ((ConsoleSession)session!).ShowSkipped(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _partialTimer = time.CreateTimer(static session => ((ConsoleSession)session!).ShowUnended(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// The text of each whole line of the game: UTF-8 as far as it is, without colours, its parts joined, at most 64 KiB.
    /// Text is made only while somebody listens. Called one after the other, never while a lock is held.
    /// </summary>
    public event Action<string>? LineRead;

    /// <summary>
    /// The terminal ended or the engine cut it: an inspect tells which. All that was read is journalled. Not raised by
    /// <see cref="DetachAsync"/>.
    /// </summary>
    public event Action? Detached;

    /// <summary>The place that the next record will have.</summary>
    public ConsolePosition Head => _journal.Head;

    /// <summary>Whether a terminal is attached.</summary>
    public bool IsAttached => _attached is { IsEnded: false };

    /// <summary>
    /// Begins the journal of a run; nothing happens when it is begun. Wait for the old run's <see cref="Detached"/> first, or
    /// its last output counts to the new run.
    /// </summary>
    public void BeginRun(int run)
    {
        lock (_sync)
        {
            if (run == _journal.Head.Run)
                return;
            FlushUnended(_time.GetUtcNow());
            _splitter.Reset();
            _throttle.Reset();
            _journal.BeginRun(run);
        }
    }

    /// <summary>Says something to the server's owner, in the platform's own voice; one record for each line.</summary>
    public void WriteWings(string text, ConsoleFlags flags = ConsoleFlags.None)
    {
        lock (_sync)
        {
            ReleaseSkipped();
            WingsVoice.Write(_records, _time.GetUtcNow(), text, flags);
            Keep();
        }
    }

    /// <summary>Records from a place on; see <see cref="ConsolePage"/>. With no batch, go on at the page's head.</summary>
    public ConsolePage Read(ConsoleCursor from, int maxBytes) => _journal.Read(from, maxBytes);

    /// <summary>The last lines as text, parts joined, colours kept.</summary>
    /// <param name="lines">At most so many.</param>
    /// <param name="ofRun">The only run whose lines are meant; null for whatever was said last.</param>
    public ImmutableArray<string> ReadText(int lines, int? ofRun = null)
    {
        if (lines <= 0)
            return [];
        var found = new Queue<string>();
        var game = new ConsoleText();
        var cursor = ConsoleCursor.Last(lines > 10_000 ? lines : lines * 2 + 16);
        var run = 0;
        while (_journal.Read(cursor, 256 * 1024).Batch is { } batch)
        {
            cursor = ConsoleCursor.From(batch.Next);
            if (ofRun is not null && batch.First.Run != ofRun)
                continue;
            if (run != batch.First.Run && game.HasUnended)
                Found(game.TakeUnended());
            run = batch.First.Run;
            foreach (var line in batch.Lines())
            {
                // The platform's own line may stand within one of the game's.
                if (line.Source == ConsoleSource.Wings)
                    Found(System.Text.Encoding.UTF8.GetString(line.Bytes.Span));
                else if (game.Add(line.Bytes.Span, line.Flags) is { } whole)
                    Found(whole);
            }
        }

        if (game.HasUnended)
            Found(game.TakeUnended());
        return [.. found];

        void Found(string line)
        {
            found.Enqueue(line);
            if (found.Count > lines)
                found.Dequeue();
        }
    }

    /// <summary>
    /// Ends when there is a record at the place, or a later run. Costs nothing per record.
    /// </summary>
    /// <param name="after">The place wanted next: a batch's Next, or the head of a page without a batch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForMoreAsync(ConsolePosition after, CancellationToken cancellationToken) => _journal.WaitForMoreAsync(after, cancellationToken);

    /// <summary>Detaches and closes the journal. The game goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await DetachAsync();
        lock (_sync)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            FlushUnended(_time.GetUtcNow());
            _splitter.Reset();
            _journal.Dispose();
        }

        await _partialTimer.DisposeAsync();
        await _releaseTimer.DisposeAsync();
    }
}
