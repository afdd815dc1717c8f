using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Testing.Clusters;

/// <summary>A viewer of a console that keeps everything it was shown and checks the numbers as they come.</summary>
public sealed class ConsoleViewer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<(ConsolePosition Position, ConsoleSource Source, string Text, bool IsPartial)> _lines = [];
    private readonly List<string> _faults = [];
    private readonly Task _watching;
    private ConsolePosition? _next;

    public ConsoleViewer(IConsoleFeeds feeds, ServerId server, ConsoleCursor from)
        => _watching = Task.Run(() => TryWatchAsync(feeds, server, from));

    /// <summary>Waits between batches; for a viewer that stalls.</summary>
    public Func<Task>? BeforeNext { get; set; }

    public IReadOnlyList<(ConsolePosition Position, ConsoleSource Source, string Text, bool IsPartial)> Lines
    {
        get { lock (_lock) return [.. _lines]; }
    }

    /// <summary>What the game said, line by line: a line that was shown before it was ended is put together again.</summary>
    public IReadOnlyList<string> GameLines
    {
        get
        {
            lock (_lock)
            {
                var (whole, begun) = (new List<string>(), "");
                foreach (var line in _lines.Where(line => line.Source == ConsoleSource.Game))
                {
                    begun += line.Text;
                    if (line.IsPartial)
                        continue;
                    whole.Add(begun);
                    begun = "";
                }

                return whole;
            }
        }
    }

    /// <summary>Holes and repeats in the numbers, and why the watching ended by itself, in words; empty when there is none of it.</summary>
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

    private async Task TryWatchAsync(IConsoleFeeds feeds, ServerId server, ConsoleCursor from)
    {
        try
        {
            await WatchAsync(feeds, server, from);
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            lock (_lock)
                _faults.Add(e.ToString());
        }
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
                    _lines.Add((line.Position, line.Source, Encoding.UTF8.GetString(line.Bytes.Span), line.IsPartial));
                _next = batch.Next;
            }

            if (BeforeNext is { } wait)
                await wait();
        }
    }
}
