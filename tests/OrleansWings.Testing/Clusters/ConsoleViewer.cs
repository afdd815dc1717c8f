using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Testing.Clusters;

/// <summary>A viewer of a console that keeps everything it was shown and checks the numbers as they come.</summary>
public sealed class ConsoleViewer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<(ConsolePosition Position, ConsoleSource Source, string Text)> _lines = [];
    private readonly List<string> _faults = [];
    private readonly Task _watching;
    private ConsolePosition? _next;

    public ConsoleViewer(IConsoleFeeds feeds, ServerId server, ConsoleCursor from)
        => _watching = Task.Run(() => WatchAsync(feeds, server, from));

    /// <summary>Waits between batches; for a viewer that stalls.</summary>
    public Func<Task>? BeforeNext { get; set; }

    public IReadOnlyList<(ConsolePosition Position, ConsoleSource Source, string Text)> Lines
    {
        get { lock (_lock) return [.. _lines]; }
    }

    /// <summary>Holes and repeats in the numbers, in words; empty when there are none.</summary>
    public IReadOnlyList<string> Faults
    {
        get { lock (_lock) return [.. _faults]; }
    }

    public int Count
    {
        get { lock (_lock) return _lines.Count; }
    }

    public bool HasSeen(string text)
    {
        lock (_lock)
            return _lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(IConsoleFeeds feeds, ServerId server, ConsoleCursor from)
    {
        await foreach (var batch in feeds.WatchAsync(server, from, _stop.Token))
        {
            lock (_lock)
            {
                if (_next is { } next && batch.First != next && batch.First != new ConsolePosition(next.Run + 1, 1))
                    _faults.Add($"{next} was due and {batch.First} came.");
                foreach (var line in batch.Lines())
                    _lines.Add((line.Position, line.Source, Encoding.UTF8.GetString(line.Bytes.Span)));
                _next = batch.Next;
            }

            if (BeforeNext is { } wait)
                await wait();
        }
    }
}
