using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>The address of a host's program in the cluster.</summary>
[GrainType("host-agent"), HostPlacement, Immovable, Reentrant]
internal sealed class HostAgentGrain(HostServers servers, HostReporter reporter, HostAddresses addresses) : Grain, IHostAgentGrain
{
    private const int MaxImages = 500;
    private static readonly TimeSpan s_listing = TimeSpan.FromSeconds(2);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
        => servers.Host.Host.Value == this.GetPrimaryKeyString()
            ? Task.CompletedTask
            : throw new HostUnreachableException(this.GetPrimaryKeyString());

    public Task<HostFacts?> GetFactsAsync() => Task.FromResult(HostFactsOf(servers, addresses));

    public Task<ImmutableArray<ServerSnapshot>> ListServersAsync()
        => Task.FromResult(servers.All.Select(worker => worker.GetSnapshot()).ToImmutableArray());

    public async Task<ImmutableArray<string>> ListImagesAsync()
    {
        using var limit = new CancellationTokenSource(s_listing);
        try
        {
            return [.. (await servers.Host.Engine.ListImagesAsync(limit.Token)).Take(MaxImages)];
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return [];
        }
    }

    public Task TakeWishesAsync()
    {
        reporter.JoinNow();
        return Task.CompletedTask;
    }

    public async Task StandDownAsync(ServerAssignment assignment)
    {
        if (await servers.AssignAsync(assignment) is null)
            reporter.JoinNow();
    }

    public Task<ServerAssignment?> GetAssignmentAsync(ServerId server) => Task.FromResult(servers.Find(server)?.State.Assignment);

    internal static HostFacts? HostFactsOf(HostServers servers, HostAddresses addresses) => servers.Host.Watch.Facts is not { } facts ? null : new HostFacts
    {
        EngineVersion = facts.Version,
        ApiVersion = facts.ApiVersion,
        OperatingSystem = facts.OperatingSystem,
        Cores = facts.Cores,
        MemoryBytes = facts.MemoryBytes,
        CgroupVersion = facts.CgroupVersion,
        DiskBytes = servers.Host.Paths.Disk()?.TotalSize ?? 0,
        PublicAddress = addresses.Public,
        Address = addresses.Fleet,
    };
}
