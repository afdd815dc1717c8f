using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// Starts the host's own work before the silo joins the cluster: whoever calls a server's grain finds its console
/// attached and its state true. An engine that is away holds up nothing.
/// </summary>
internal sealed partial class HostRuntime(HostServers servers, EngineWatch watch, StartGate starts, TimeProvider time, ILogger<HostRuntime> logger) : IHostedService
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // Long enough to ask a cluster that is there; a host that is alone starts its servers all the same.
    private static readonly TimeSpan s_aloneAfter = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _resuming = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        watch.Start();
        _resuming = ResumeAsync(_stop.Token);
        _ = OpenStartsAsync();
        await Task.WhenAny(_resuming, Task.Delay(s_patience, cancellationToken));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _resuming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await watch.WaitUntilReachableAsync(cancellationToken);
        await servers.ResumeAsync(cancellationToken);
        LogResumed(logger, servers.All.Count);
    }

    private async Task OpenStartsAsync()
    {
        await Task.Delay(s_aloneAfter, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Who ends has not learned what was given to others: what waits starts the next time.
        if (!_stop.IsCancellationRequested)
            starts.Open();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "All {Count} servers of this host have been looked at.")]
    private static partial void LogResumed(ILogger logger, int count);
}
