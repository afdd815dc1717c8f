using System.Collections.Immutable;
using System.Text;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Dashboard.DevHost.Fakes;

/// <summary>A server that only pretends. Its states go by hand or by <see cref="Simulation"/>.</summary>
public sealed class FakeServer(FakeFleet fleet, ServerSpec spec, ServerId id, HostId host, TimeProvider time) : IServer
{
    public ServerId Id => id;

    public FakeJournal Journal { get; } = new(id, time);

    public ServerSpec Spec { get; private set; } = spec;

    public List<UsageSample> Usages { get; } = [];

    /// <summary>Its history, the newest first.</summary>
    public List<ServerEvent> Events { get; } = [];

    /// <summary>What was asked, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Answers power actions in place of the server; null for its own answer.</summary>
    public Func<PowerAction, Task<ServerResult>>? OnPower { get; set; }

    /// <summary>Thrown in place of what is read and of a restoration; null for the answer.</summary>
    public Exception? Fault { get; set; }

    public ServerSnapshot Snapshot { get; private set; } = new()
    {
        Id = id,
        Name = spec.Name,
        Host = host,
        Ports = spec.Ports,
        StateSince = time.GetUtcNow(),
        AsOf = time.GetUtcNow(),
        SpecVersion = 1,
        Epoch = 1,
        Revision = 1,
    };

    public DateTimeOffset? DeletedAt { get; private set; }

    public ServerListing Listing => new(Snapshot, Snapshot.State == PowerState.Offline ? null : Usages.LastOrDefault());

    public void Change(Func<ServerSnapshot, ServerSnapshot> change)
    {
        Snapshot = change(Snapshot) with { Revision = Snapshot.Revision + 1, AsOf = time.GetUtcNow() };
        fleet.Publish(this);
    }

    public void Enter(PowerState state) => Change(snapshot => snapshot with
    {
        State = state,
        StateSince = time.GetUtcNow(),
        Activity = null,
        Progress = null,
        StartedAt = state == PowerState.Offline ? null : snapshot.StartedAt ?? (state == PowerState.Running ? time.GetUtcNow() : null),
        Run = state == PowerState.Starting ? snapshot.Run + 1 : snapshot.Run,
        Problem = state == PowerState.Running ? null : snapshot.Problem,
        IsRestarting = state is not (PowerState.Starting or PowerState.Running) && snapshot.IsRestarting,
    });

    public Task<ServerResult> StartAsync() => PowerAsync(PowerAction.Start, PowerState.Starting);

    public Task<ServerResult> StopAsync() => PowerAsync(PowerAction.Stop, PowerState.Stopping);

    public Task<ServerResult> RestartAsync() => PowerAsync(PowerAction.Restart, PowerState.Stopping);

    public Task<ServerResult> KillAsync() => PowerAsync(PowerAction.Kill, PowerState.Offline);

    public Task<ServerResult> SendCommandAsync(string command)
    {
        Calls.Add($"command {command}");
        if (Snapshot.State == PowerState.Offline)
            return Task.FromResult(ServerResult.Refused(ServerRefusal.NotRunning, $"{Snapshot.Name} is offline: a command needs a running server."));
        Journal.Write(Encoding.UTF8.GetBytes($"> {command}"));
        if (command.StartsWith("flood ", StringComparison.Ordinal) && int.TryParse(command[6..], out var lines))
        {
            for (var i = 1; i <= lines; i++)
                Journal.Write(Encoding.UTF8.GetBytes($"\e[38;5;{i % 200 + 20}mflood line {i}\e[0m of {lines}: the quick brown fox jumps over the lazy dog"));
        }

        return Task.FromResult(ServerResult.Accepted("Sent."));
    }

    public Task<ImmutableArray<string>> ReadLogAsync(int lines) => Task.FromResult(ImmutableArray<string>.Empty);

    public Task<ServerSnapshot?> GetSnapshotAsync() => Fault is null ? Task.FromResult<ServerSnapshot?>(Snapshot) : Task.FromException<ServerSnapshot?>(Fault);

    public Task<ServerSpec?> GetSpecAsync() => Fault is null ? Task.FromResult<ServerSpec?>(Spec) : Task.FromException<ServerSpec?>(Fault);

    public Task<VersionedSpec?> GetVersionedSpecAsync() => Fault is null
        ? Task.FromResult<VersionedSpec?>(new VersionedSpec(Spec, Snapshot.SpecVersion))
        : Task.FromException<VersionedSpec?>(Fault);

    public Task<ImmutableArray<UsageSample>> ReadUsageAsync() => Fault is null ? Task.FromResult(Usages.ToImmutableArray()) : Task.FromException<ImmutableArray<UsageSample>>(Fault);

    public Task<int?> CountPlayersAsync() => Task.FromResult<int?>(null);

    public Task<ImmutableArray<ServerEvent>?> ReadEventsAsync()
        => OnReadEvents?.Invoke() ?? (Fault is null ? Task.FromResult<ImmutableArray<ServerEvent>?>([.. Events]) : Task.FromException<ImmutableArray<ServerEvent>?>(Fault));

    /// <summary>Answers for the history in its place; null for the usual answer.</summary>
    public Func<Task<ImmutableArray<ServerEvent>?>>? OnReadEvents { get; set; }

    public Task<ServerResult> UpdateAsync(ServerSpec spec, long? expectedVersion = null)
    {
        Calls.Add("update");
        if (expectedVersion is { } edited && edited != Snapshot.SpecVersion)
        {
            var changed = ServerResult.Refused(ServerRefusal.Changed, $"Somebody changed this server meanwhile: you edited version {edited}, it is version {Snapshot.SpecVersion} now.");
            return Task.FromResult(changed with { Version = Snapshot.SpecVersion });
        }

        Spec = spec;
        Change(snapshot => snapshot with
        {
            Name = spec.Name,
            Ports = spec.Ports,
            SpecVersion = snapshot.SpecVersion + 1,
            IsSpecPending = snapshot.State != PowerState.Offline,
        });
        return Task.FromResult(ServerResult.Accepted($"{spec.Name} is saved; it applies at the next start."));
    }

    public Task<ServerResult> DeleteAsync()
    {
        Calls.Add("delete");
        DeletedAt = time.GetUtcNow();
        Change(snapshot => snapshot with { IsDeleted = true, State = PowerState.Offline, StartedAt = null });
        return Task.FromResult(ServerResult.Accepted($"{Spec.Name} is deleted; its files stay in the trash for {ServerTrash.Days} days."));
    }

    public Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted)
    {
        Calls.Add($"reassign {host} {isRiskAccepted}");
        if (!isRiskAccepted)
            return Task.FromResult(ServerResult.Refused(ServerRefusal.RiskNotAccepted, $"The files of {Spec.Name} do not move: they must be on storage that {host} reaches."));
        Change(snapshot => snapshot with { Host = host, State = PowerState.Offline, Epoch = snapshot.Epoch + 1, IsReachable = true });
        return Task.FromResult(ServerResult.Accepted($"The server {Spec.Name} belongs to host {host} now, and is offline there."));
    }

    public Task<ServerResult> AdoptAsync(HostId host)
    {
        Calls.Add($"adopt {host}");
        Change(snapshot => snapshot with { IsUnclaimed = false });
        return Task.FromResult(ServerResult.Accepted($"The server {Spec.Name} is adopted: its host keeps it."));
    }

    public Task<ServerResult> RemoveUnclaimedAsync(HostId host)
    {
        Calls.Add($"remove unclaimed {host}");
        DeletedAt = time.GetUtcNow();
        Change(snapshot => snapshot with { IsDeleted = true, IsUnclaimed = false, State = PowerState.Offline, StartedAt = null });
        return Task.FromResult(ServerResult.Accepted($"The server {Spec.Name} is deleted. Its files are kept for 7 days."));
    }

    public Task<ServerResult> RestoreAsync()
    {
        Calls.Add("restore");
        if (Fault is not null)
            return Task.FromException<ServerResult>(Fault);
        DeletedAt = null;
        Change(snapshot => snapshot with { IsDeleted = false });
        return Task.FromResult(ServerResult.Accepted($"{Spec.Name} is back, offline, with its files."));
    }

    private async Task<ServerResult> PowerAsync(PowerAction action, PowerState next)
    {
        Calls.Add(action.ToString());
        if (OnPower is { } answer)
            return await answer(action);
        if (action == PowerAction.Start && Snapshot.State != PowerState.Offline)
            return ServerResult.Refused(ServerRefusal.AlreadyRunning, $"{Spec.Name} is {Snapshot.State.ToString().ToLowerInvariant()} already.");
        if (action == PowerAction.Start)
            Journal.BeginRun(Snapshot.Run + 1);
        if (action == PowerAction.Restart)
            Change(snapshot => snapshot with { IsRestarting = true });
        if (action == PowerAction.Kill)
            Change(snapshot => snapshot with { LastExit = new ServerExit(137, false, time.GetUtcNow(), true), IsRestarting = false });
        Enter(next);
        return ServerResult.Accepted($"{Spec.Name}: {action.ToString().ToLowerInvariant()} is on its way.");
    }
}
