using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Dashboard.DevHost.Fakes;

/// <summary>What the facade gives for an id that nobody has.</summary>
internal sealed class MissingServer(ServerId id) : IServer
{
    private readonly Task<ServerResult> _refused = Task.FromResult(ServerResult.Refused(ServerRefusal.NotFound, $"There is no server {id}."));

    public ServerId Id => id;

    public Task<ServerResult> StartAsync() => _refused;

    public Task<ServerResult> StopAsync() => _refused;

    public Task<ServerResult> RestartAsync() => _refused;

    public Task<ServerResult> KillAsync() => _refused;

    public Task<ServerResult> SendCommandAsync(string command) => _refused;

    public Task<ImmutableArray<string>> ReadLogAsync(int lines) => Task.FromResult(ImmutableArray<string>.Empty);

    public Task<ServerSnapshot?> GetSnapshotAsync() => Task.FromResult<ServerSnapshot?>(null);

    public Task<ServerSpec?> GetSpecAsync() => Task.FromResult<ServerSpec?>(null);

    public Task<VersionedSpec?> GetVersionedSpecAsync() => Task.FromResult<VersionedSpec?>(null);

    public Task<ImmutableArray<UsageSample>> ReadUsageAsync() => Task.FromResult(ImmutableArray<UsageSample>.Empty);

    public Task<int?> CountPlayersAsync() => Task.FromResult<int?>(null);

    public Task<ImmutableArray<ServerEvent>?> ReadEventsAsync() => Task.FromResult<ImmutableArray<ServerEvent>?>([]);

    public Task<ServerResult> UpdateAsync(ServerSpec spec, long? expectedVersion = null) => _refused;

    public Task<ServerResult> DeleteAsync() => _refused;

    public Task<ServerResult> RestoreAsync() => _refused;

    public Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted) => _refused;

    public Task<ServerResult> AdoptAsync(HostId host) => _refused;

    public Task<ServerResult> RemoveUnclaimedAsync(HostId host) => _refused;
}
