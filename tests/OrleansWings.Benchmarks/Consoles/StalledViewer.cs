using OrleansWings.Consoles;

namespace OrleansWings.Benchmarks.Consoles;

/// <summary>A viewer that reads once and then never again, and does not go either: a browser whose machine sleeps.</summary>
internal sealed class StalledViewer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<ConsoleBatch> _batches;

    private StalledViewer(CancellationTokenSource stop, IAsyncEnumerator<ConsoleBatch> batches) => (_stop, _batches) = (stop, batches);

    /// <summary>Begins to watch, and stops reading after the first batch.</summary>
    public static async Task<StalledViewer> StallAsync(Func<CancellationToken, IAsyncEnumerable<ConsoleBatch>> watch)
    {
        var stop = new CancellationTokenSource();
        var viewer = new StalledViewer(stop, watch(stop.Token).GetAsyncEnumerator(stop.Token));
        if (!await viewer._batches.MoveNextAsync().AsTask().WaitAsync(s_patience))
            throw new InvalidOperationException("The console ended.");
        return viewer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _batches.DisposeAsync();
        _stop.Dispose();
    }
}
