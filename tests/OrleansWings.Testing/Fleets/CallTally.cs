using System.Diagnostics;
using OrleansWings.Servers;

namespace OrleansWings.Testing.Fleets;

/// <summary>Callers that press the same button over and over, and what each was answered and how long that took.</summary>
public sealed class CallTally : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(ServerRefusal Answer, TimeSpan Took)> _calls = [];
    private readonly Task _calling;

    /// <summary>Begins.</summary>
    /// <param name="callers">How many call at the same time, each again 50 ms after its answer.</param>
    /// <param name="call">What they call.</param>
    public CallTally(int callers, Func<Task<ServerResult>> call)
        => _calling = Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => RepeatAsync(call))));

    /// <summary>All calls that were answered so far.</summary>
    public IReadOnlyList<(ServerRefusal Answer, TimeSpan Took)> Calls
    {
        get { lock (_lock) return [.. _calls]; }
    }

    /// <summary>The longest that somebody waited for an answer.</summary>
    public TimeSpan Longest => Calls.Max(call => call.Took);

    /// <summary>The answers and how many there were of each.</summary>
    public override string ToString()
        => string.Join(", ", Calls.GroupBy(call => call.Answer).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()} (longest {group.Max(call => call.Took).TotalMilliseconds:0} ms)"));

    /// <summary>No more calls; those that were made are waited for.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _calling;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _calling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RepeatAsync(Func<Task<ServerResult>> call)
    {
        while (!_stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await call();
            lock (_lock)
                _calls.Add((answer.Refusal, Stopwatch.GetElapsedTime(began)));
            await Task.Delay(50);
        }
    }
}
