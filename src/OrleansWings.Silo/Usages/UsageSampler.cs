using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Usages;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Usages;

/// <summary>
/// Measures every running server once a second: from the kernel's files where they can be read, else from the engine's
/// stream. Keeps the last ten minutes.
/// </summary>
public sealed partial class UsageSampler(HostServers servers, IUsageReader reader, TimeProvider time, ILogger<UsageSampler> logger) : IAsyncDisposable
{
    // The round's message goes out once a second, whatever the engine does: who is asked for in vain is measured from a later round on.
    private static readonly TimeSpan s_engineShare = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<ServerId, UsageTrack> _tracks = new();

    /// <summary>The last ten minutes of a server, oldest first; empty when it has not run in them.</summary>
    public ImmutableArray<UsageSample> History(ServerId server)
        => _tracks.TryGetValue(server, out var track) ? track.History() : [];

    /// <summary>How many are connected to a server's ports now: 0 when it does not run; null when that cannot be told.</summary>
    public int? CountPlayers(PowerWorker worker)
    {
        var state = worker.State;
        if (state.StartedAt is not { } startedAt)
            return 0;
        // Where it listens now, which is not where it shall after its next start.
        var snapshot = worker.GetSnapshot();
        var ports = snapshot.IsSpecPending && state.AppliedPorts is null ? [] : snapshot.Ports;
        return _tracks.TryGetValue(worker.Id, out var track) && track.Run == state.Run && track.StartedAt == startedAt
            ? reader.CountConnections(track.Container, track.ProcessId, ports.Select(port => port.Port).ToHashSet())
            : null;
    }

    /// <summary>One round: a sample of each server whose process runs.</summary>
    public async Task<ImmutableArray<ServerUsage>> SampleAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var samples = ImmutableArray.CreateBuilder<ServerUsage>();
        using var patience = new CancellationTokenSource(s_engineShare, time);
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        foreach (var worker in servers.All)
        {
            try
            {
                if (await SampleAsync(worker, asking.Token).ConfigureAwait(false) is { } sample)
                    samples.Add(new ServerUsage(worker.Id, sample));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: without the round's message the whole host would count as silent.
                LogFailed(logger, worker.Id, e.Message);
            }
        }

        foreach (var (server, track) in _tracks)
        {
            if (servers.Find(server) is null && _tracks.TryRemove(server, out _))
                await EndAsync(track).ConfigureAwait(false);
        }

        servers.Host.Instruments.OnSampled(time.GetElapsedTime(began));
        return samples.ToImmutable();
    }

    public async ValueTask DisposeAsync()
        => await Task.WhenAll(_tracks.Values.Select(track => track.EndAsync())).ConfigureAwait(false);

    private async Task<UsageSample?> SampleAsync(PowerWorker worker, CancellationToken asking)
    {
        var state = worker.State;
        var track = _tracks.GetOrAdd(worker.Id, _ => new UsageTrack());
        if (state.StartedAt is not { } startedAt)
        {
            await EndAsync(track).ConfigureAwait(false);
            return null;
        }

        if (track.Run != state.Run || track.StartedAt != startedAt)
        {
            await EndAsync(track).ConfigureAwait(false);
            if (!servers.Host.Watch.IsReachable || asking.IsCancellationRequested)
                return null;
            var container = await servers.Host.Engine.InspectAsync(worker.Id.ToString(), asking).ConfigureAwait(false);
            if (container is not { IsRunning: true })
                return null;
            track.Begin(state.Run, startedAt, container);
        }

        // An engine without groups says zeros, which are no measurement.
        var counters = reader.Read(track.Container, track.ProcessId)
            ?? (servers.Host.Watch.Facts is { CgroupDriver: "none" } ? null : track.ReadEngine(servers.Host.Engine, worker.Id.ToString(), time));
        return counters is null ? null : track.Add(counters, time.GetUtcNow() - startedAt, worker.FilesBytes, state.Assignment.Spec.Limits.DiskMiB * 1024 * 1024, worker.AreFilesIncomplete);
    }

    private Task EndAsync(UsageTrack track)
    {
        if (track.Run != 0)
            reader.Forget(track.Container);
        return track.EndAsync();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Server {Server}: its usage could not be measured: {Reason}")]
    private static partial void LogFailed(ILogger logger, ServerId server, string reason);
}
