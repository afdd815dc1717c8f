using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Tests.Fakes;

/// <summary>A fleet that remembers what it was asked: enough for what the program itself does with one.</summary>
internal sealed class FakeFleet : IFleet, IFleetFeed
{
    public Dictionary<ServerId, ServerSpec> Servers { get; } = [];

    public List<string> Calls { get; } = [];

    public bool IsDeleted { get; set; }

    public ServerResult CreateAnswer { get; set; } = ServerResult.Accepted("");

    public IServer GetServer(ServerId id) => new FakeServer(this, id);

    public IFleetHost GetHost(HostId id) => throw new NotSupportedException();

    public Task<ServerResult> CreateServerAsync(ServerSpec spec, ServerId? id = null)
    {
        Calls.Add("create");
        if (CreateAnswer.IsAccepted)
            Servers[id ?? ServerId.New()] = spec;
        return Task.FromResult(CreateAnswer);
    }

    public Task<ImmutableArray<ServerSnapshot>> ListServersAsync() => Task.FromResult(ImmutableArray<ServerSnapshot>.Empty);

    public Task<ImmutableArray<HostSnapshot>> ListHostsAsync() => Task.FromResult(ImmutableArray<HostSnapshot>.Empty);

    public Task<ImmutableArray<DeletedServer>> ListDeletedServersAsync() => Task.FromResult(ImmutableArray<DeletedServer>.Empty);

    public IJob GetJob(JobId id) => throw new NotSupportedException();

    public Task<ServerResult> CreateJobAsync(JobRequest request, JobId? id = null) => throw new NotSupportedException();

    public Task<JobSnapshot?> FindJobAsync(ServerId server) => Task.FromResult<JobSnapshot?>(null);

    public Task<ImmutableArray<JobSnapshot>> ListJobsAsync() => Task.FromResult(ImmutableArray<JobSnapshot>.Empty);

    public async IAsyncEnumerable<FleetUpdate> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new FleetUpdate { IsSnapshot = true };
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private sealed class FakeServer(FakeFleet fleet, ServerId id) : IServer
    {
        public ServerId Id => id;

        public Task<ServerResult> StartAsync() => Answer("start");

        public Task<ServerResult> StopAsync() => Answer("stop");

        public Task<ServerResult> RestartAsync() => Answer("restart");

        public Task<ServerResult> KillAsync() => Answer("kill");

        public Task<ServerResult> SendCommandAsync(string command) => Answer(command);

        public Task<ImmutableArray<string>> ReadLogAsync(int lines) => Task.FromResult(ImmutableArray<string>.Empty);

        public Task<ServerSnapshot?> GetSnapshotAsync() => Task.FromResult(fleet.Servers.TryGetValue(id, out var spec)
            ? new ServerSnapshot { Id = id, Name = spec.Name, Host = new HostId("here"), IsDeleted = fleet.IsDeleted }
            : null);

        public Task<ServerSpec?> GetSpecAsync() => Task.FromResult(fleet.Servers.GetValueOrDefault(id));

        public Task<VersionedSpec?> GetVersionedSpecAsync()
            => Task.FromResult(fleet.Servers.TryGetValue(id, out var spec) ? new VersionedSpec(spec, 1) : null);

        public Task<ImmutableArray<UsageSample>> ReadUsageAsync() => Task.FromResult(ImmutableArray<UsageSample>.Empty);

        public Task<int?> CountPlayersAsync() => Task.FromResult<int?>(null);

        public Task<ImmutableArray<ServerEvent>?> ReadEventsAsync() => Task.FromResult<ImmutableArray<ServerEvent>?>([]);

        public Task<ServerResult> UpdateAsync(ServerSpec spec, long? expectedVersion = null) => Answer("update");

        public Task<ServerResult> DeleteAsync() => Answer("delete");

        public Task<ServerResult> RestoreAsync() => Answer("restore");

        public Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted) => Answer("reassign");

        public Task<ServerResult> AdoptAsync(HostId host) => Answer("adopt");

        public Task<ServerResult> RemoveUnclaimedAsync(HostId host) => Answer("remove unclaimed");

        private Task<ServerResult> Answer(string call)
        {
            fleet.Calls.Add(call);
            return Task.FromResult(ServerResult.Accepted(""));
        }
    }
}
