using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Hosts;

/// <summary>What operators say of the host, and what was heard of it.</summary>
internal sealed partial class HostGrain
{
    /// <summary>The feed speaks up every five seconds: after this it is gone itself, and what it said is no longer true.</summary>
    private static readonly TimeSpan s_staleAfter = TimeSpan.FromSeconds(15);

    private (HostHearing? What, long At) _heard;

    private HostSettings Settings => record.State.Settings;

    private HostUsage? Usage => _heard.What?.Usage;

    public Task<HostSnapshot> GetSnapshotAsync() => Task.FromResult(Snapshot());

    public Task<HostSnapshot> OnHeardAsync(HostHearing heard)
    {
        _heard = (heard with { Usage = Smooth(heard.Usage) }, time.GetTimestamp());
        _sums = null;
        return GetSnapshotAsync();
    }

    public Task<ServerResult> SetLabelsAsync(ImmutableSortedDictionary<string, string> labels)
        => ChangeAsync(
            HostSettingsValidator.CheckLabels(labels, nameof(HostSettings.Labels)),
            settings => settings with { Labels = labels },
            labels is { Count: > 0 } ? $"The labels of {Id} are {string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}"))}." : $"{Id} has no labels now.");

    // Said again it keeps its beginning: only the note is new.
    public Task<ServerResult> BeginMaintenanceAsync(string note)
        => ChangeAsync(
            HostSettingsValidator.CheckNote(note) is { } fault ? [new SpecFault("Note", fault)] : [],
            settings => settings with { Maintenance = new HostMaintenance(note.Trim(), settings.Maintenance?.Since ?? time.GetUtcNow()) },
            $"{Id} is in maintenance: no new server comes here. Its servers go on.");

    public Task<ServerResult> EndMaintenanceAsync()
        => ChangeAsync([], settings => settings with { Maintenance = null }, $"{Id} takes new servers again.");

    public Task<ServerResult> SetOverCommitAsync(OverCommit factors)
        => ChangeAsync(
            HostSettingsValidator.Check(factors),
            settings => settings with { OverCommit = factors },
            FormattableString.Invariant($"{Id} may promise its memory {factors.Memory} times, its CPU {factors.Cpu} times and its disk {factors.Disk} times."));

    private HostSnapshot Snapshot()
    {
        var heard = _heard.What is { Status: not HostStatus.Unknown } && time.GetElapsedTime(_heard.At) < s_staleAfter ? _heard.What : null;
        return new HostSnapshot
        {
            Id = Id,
            Status = heard?.Status ?? HostStatus.Unknown,
            StatusSince = heard?.StatusSince ?? time.GetUtcNow(),
            LastHeardAt = _heard.What?.LastHeardAt,
            ClockAhead = heard?.ClockAhead ?? TimeSpan.Zero,
            Facts = record.State.Facts,
            ServerCount = Sums.ServerCount,
            Settings = Settings,
            RemovingSince = record.State.RemovingSince,
            Load = heard is null ? null : Usage?.Load,
            Capacity = Sums.Capacity,
        };
    }

    // One second's CPU says little about the next hour's: half a minute's does.
    private HostUsage? Smooth(HostUsage? usage)
        => usage?.Load is { } now && Usage?.Load is { } before
            ? usage with { Load = now with { CpuPercent = 0.8 * before.CpuPercent + 0.2 * now.CpuPercent } }
            : usage;

    private async Task<ServerResult> ChangeAsync(ImmutableArray<SpecFault> faults, Func<HostSettings, HostSettings> change, string message)
    {
        if (!faults.IsEmpty)
            return ServerResult.Invalid(faults);
        if (!(await GrainFactory.GetGrain<IFleetGrain>(0).ListHostsAsync()).Contains(Id))
            return ServerResult.Refused(ServerRefusal.NoHost, $"There is no host named {Id}.");
        var before = Settings;
        record.State.Settings = change(before);
        return await StoreAsync(() => record.State.Settings = before, message);
    }

    private async Task<ServerResult> StoreAsync(Action undo, string message)
    {
        try
        {
            await WriteAsync(undo);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return StoreRefusal.Of(e);
        }

        await TellFeedAsync();
        return ServerResult.Accepted(message);
    }

    // One-way: viewers are told of the change at once, and nobody waits for them.
    private Task TellFeedAsync() => GrainFactory.GetGrain<IHostFeedGrain>(Id.Value).OnKeptChangedAsync();
}
