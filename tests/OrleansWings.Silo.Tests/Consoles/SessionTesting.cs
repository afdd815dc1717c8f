using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>A session with a scripted engine and a clock that stands.</summary>
internal sealed class SessionTesting : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private int _lives;

    public SessionTesting(int throttleLines = 0)
    {
        Options.ThrottleLines = throttleLines;
        Engine = new ScriptedEngine(Time);
        Session = Open(Path.Combine(_folder.Path, "0"));
    }

    public ServerId Server { get; } = ServerId.New();

    public SessionTime Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public ConsoleOptions Options { get; } = new();

    public RecordingLogger<ConsoleSession> Logger { get; } = new();

    public ScriptedEngine Engine { get; }

    public ConsoleSession Session { get; private set; }

    public List<ConsoleLine> Records
    {
        get
        {
            var lines = new List<ConsoleLine>();
            var next = ConsolePosition.Start;
            while (Session.Read(ConsoleCursor.From(next), 64 * 1024).Batch is { } batch)
            {
                lines.AddRange(batch.Lines());
                next = batch.Next;
            }

            return lines;
        }
    }

    public string[] Texts => [.. Records.Select(r => Encoding.Latin1.GetString(r.Bytes.Span) + (r.IsPartial ? "…" : ""))];

    /// <summary>Says it and waits until the session has kept it.</summary>
    public async Task SayAsync(string text)
    {
        Engine.Say(text);
        await ReadUpAsync();
    }

    /// <summary>
    /// Waits until the session has read all that was said. On a busy machine a join may have to look into the log again, which it does by
    /// the clock: that goes on for it, and for nothing else.
    /// </summary>
    public async Task ReadUpAsync()
    {
        var reading = Engine.Terminal.ReadUpAsync();
        while (await Task.WhenAny(reading, Task.Delay(50)) != reading)
        {
            if (Session.IsProving)
                Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        await reading;
    }

    /// <summary>Kills the program: what is on disk now is all that is left. The container goes on.</summary>
    public async Task KillAsync()
    {
        var from = Path.Combine(_folder.Path, $"{_lives++}");
        var to = Path.Combine(_folder.Path, $"{_lives}");
        foreach (var run in Directory.Exists(from) ? Directory.GetDirectories(from) : [])
        {
            var copy = Directory.CreateDirectory(Path.Combine(to, Path.GetFileName(run)));
            foreach (var file in Directory.GetFiles(run))
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
        }

        await Session.DisposeAsync();
        Session = Open(to);
    }

    /// <summary>Lets the clock go on until something has happened by it.</summary>
    public async Task PassTimeUntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 5_000, "It did not happen, however much time passed.");
            Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(2);
        }
    }

    /// <summary>Attaches again, at a time when nothing was said: the clock stands, and the engine's log tells by time what is to come.</summary>
    /// <remarks>
    /// Where the log has more than the terminal will give, the join waits a second for it by the clock. That second passes only once the session has read all
    /// there is: a busy machine would else be taken for an engine that says things late.
    /// </remarks>
    public async Task RejoinAsync(int run = 1)
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var joining = Session.RejoinAsync("game", run, CancellationToken.None);
        for (var i = 1; await Task.WhenAny(joining, Task.Delay(50)) != joining; i++)
        {
            if ((Time.IsSecondAwaited && Engine.Terminal.IsReadUp) || i % 100 == 0)
                Time.Advance(TimeSpan.FromSeconds(1));
        }

        await joining;
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        _folder.Dispose();
    }

    private ConsoleSession Open(string folder) => new(Server, folder, Engine, Options, Time, Logger);
}
