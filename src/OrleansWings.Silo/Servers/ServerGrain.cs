using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansWings.Consoles;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Usages;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// The address of a server in the cluster. What it says and does is its <see cref="PowerWorker"/>'s, which lives on
/// without it.
/// </summary>
[GrainType("server"), HostPlacement, Immovable, Reentrant]
internal sealed class ServerGrain(HostServers servers, HostReporter reporter, ConsolePublisher publisher, UsageSampler usages) : Grain, IServerGrain
{
    private const int MaxReadBytes = 512 * 1024;
    private static readonly TimeSpan s_maxLease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_maxHold = TimeSpan.FromMinutes(2);

    private ServerId Id => new(this.GetPrimaryKey());

    // A server that was purged, or given to another host, leaves the registry while this grain may still be active, so it is
    // asked each time. The next call is placed anew and finds out which it was.
    private PowerWorker Worker
    {
        get
        {
            if (servers.Find(Id) is { } worker)
                return worker;
            DeactivateOnIdle();
            throw new UnknownServerException(Id);
        }
    }

    // Placement is not checked by the runtime at activation: a stale directory entry would run a server on a wrong host.
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (servers.Find(Id) is not null)
            return;
        var assignment = await GrainFactory.GetGrain<IServerRecordGrain>(Id.Value).GetAssignmentAsync()
            ?? throw new UnknownServerException(Id);
        if (await servers.AssignAsync(assignment) is null)
            throw new HostUnreachableException(assignment.Host.Value);
    }

    public async Task<ServerResult> PowerAsync(PowerAction action) => await Worker.RequestAsync(action, PowerCondition.Run);

    public async Task<ServerResult> SendCommandAsync(string command) => await Worker.SendCommandAsync(command, CancellationToken.None);

    public Task<ImmutableArray<string>> ReadLogAsync(int lines) => Task.FromResult(Worker.Console.ReadText(Math.Clamp(lines, 1, 10_000)));

    public Task<ServerSnapshot> GetSnapshotAsync() => Task.FromResult(Worker.GetSnapshot());

    public Task<PowerState> HoldStartsAsync(TimeSpan time) => Worker.HoldStartsAsync(time < s_maxHold ? time : s_maxHold);

    // Off the grain's turn: a disk that is slow must not hold up a kill.
    public Task<ConsolePage> ReadConsoleAsync(ConsoleCursor from, int maxBytes)
    {
        var console = Worker.Console;
        return Task.Run(() => console.Read(from, Math.Clamp(maxBytes, 1, MaxReadBytes)));
    }

    public Task<ConsolePosition> PublishConsoleAsync(TimeSpan lease)
        => Task.FromResult(publisher.Publish(Worker, lease < s_maxLease ? lease : s_maxLease));

    public Task<ImmutableArray<UsageSample>> ReadUsageAsync() => Task.FromResult(usages.History(Id));

    // Off the grain's turn: with the host's network the table has all that the machine has open.
    public Task<int?> CountPlayersAsync()
    {
        var worker = Worker;
        return Task.Run(() => usages.CountPlayers(worker));
    }

    // Off the grain's turn, as the ledger's file may be slow.
    public Task<ImmutableArray<ServerEvent>> ReadEventsAsync()
    {
        var server = Worker.Id;
        return Task.Run(() => servers.Host.Ledger.ReadEvents(server));
    }

    public async Task ApplyAsync(ServerAssignment assignment)
    {
        var before = servers.Find(Id)?.State.Assignment;
        if (await servers.AssignAsync(assignment) is not { } worker)
        {
            // It is another host's now: whoever calls next is to find that one.
            reporter.JoinNow();
            DeactivateOnIdle();
            return;
        }

        // Told what it knows already: the record has not heard that it does.
        if (before is not null && (before.Epoch, before.Version) == (assignment.Epoch, assignment.Version))
            worker.Announce();
    }
}
