using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Images;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>The address of a host's program in the cluster.</summary>
[GrainType("host-agent"), HostPlacement, Immovable, Reentrant]
internal sealed class HostAgentGrain(HostServers servers, HostReporter reporter, HostAddresses addresses, HostReconciler reconciler, OrphanedContainers orphans) : Grain, IHostAgentGrain
{
    private const int MaxImages = 500;
    private static readonly TimeSpan s_checking = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan s_reading = TimeSpan.FromSeconds(8);
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

    public async Task<ImmutableArray<HostImage>?> ListUnusedImagesAsync()
    {
        using var limit = new CancellationTokenSource(s_checking);
        try
        {
            return await FindUnusedImagesAsync(limit.Token);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return null;
        }
    }

    public async Task<ImageRemoval> RemoveImagesAsync(ImmutableArray<string> ids)
    {
        var (removed, kept) = (0, ImmutableArray.CreateBuilder<string>());
        try
        {
            // What is used by now is not what somebody meant to remove.
            var unused = (await FindUnusedImagesAsync(CancellationToken.None)).Select(image => image.Id).ToHashSet();
            foreach (var id in ids)
            {
                if (!unused.Contains(id))
                    kept.Add($"{id} is used, or gone.");
                else
                    removed += await RemoveImageAsync(id, kept);
            }

            return new ImageRemoval(removed, kept.ToImmutable());
        }
        catch (EngineException e)
        {
            return new ImageRemoval(removed, kept.ToImmutable(), e.Message);
        }
    }

    public async Task<HostCheck> CheckAsync(bool isDryRun)
    {
        using var limit = new CancellationTokenSource(s_checking);
        try
        {
            return new HostCheck(await reconciler.CheckAsync(isDryRun, limit.Token));
        }
        catch (EngineException e)
        {
            return new HostCheck([], e.Message);
        }
        catch (OperationCanceledException)
        {
            return new HostCheck([], $"The host could not be looked at within {s_checking.TotalSeconds:0} seconds.");
        }
    }

    public async Task<OrphanReading> ReadOrphanAsync(string container)
    {
        using var limit = new CancellationTokenSource(s_reading);
        try
        {
            return await orphans.ReadAsync(container, limit.Token);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return new OrphanReading(null, RefuseEngine(e));
        }
    }

    public async Task<ServerResult> RemoveOrphanAsync(string container)
    {
        using var limit = new CancellationTokenSource(s_checking);
        try
        {
            return await orphans.RemoveAsync(container, limit.Token);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return RefuseEngine(e);
        }
    }

    private static ServerResult RefuseEngine(Exception fault) => fault is OperationCanceledException
        ? ServerResult.Refused(ServerRefusal.OutcomeUnknown, "The Docker engine gave no answer in time: look again.")
        : ServerResult.Refused(ServerRefusal.EngineUnreachable, fault.Message);

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

    private async Task<ImmutableArray<HostImage>> FindUnusedImagesAsync(CancellationToken cancellationToken)
        => UnusedImages.Of(await servers.Host.Engine.ListStoredImagesAsync(cancellationToken), servers.All.Select(worker => worker.State.Assignment.Spec.Image));

    private async Task<int> RemoveImageAsync(string id, ImmutableArray<string>.Builder kept)
    {
        try
        {
            return await servers.Host.Engine.RemoveImageAsync(id, CancellationToken.None) ? 1 : 0;
        }
        catch (EngineException e) when (e is not EngineUnreachableException)
        {
            kept.Add($"{id}: {e.Message}");
            return 0;
        }
    }

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
