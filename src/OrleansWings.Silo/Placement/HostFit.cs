using System.Globalization;
using OrleansWings.Hosts;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Placement;

/// <summary>Whether a server fits on a host, and in words what is lacking: pure. Asked when a host is chosen and again when it promises.</summary>
internal static class HostFit
{
    /// <summary>Everything that keeps a new server away but its ports; empty when nothing does.</summary>
    /// <param name="host">The host.</param>
    /// <param name="labels">What it must have.</param>
    /// <param name="asked">What the server takes.</param>
    /// <param name="isMeant">Whether there is no other: then what its machine happens to use now is no reason.</param>
    public static IEnumerable<string> Against(HostSnapshot host, IReadOnlyDictionary<string, string> labels, ServerShare asked, bool isMeant)
    {
        var settings = host.Settings ?? new HostSettings();
        if (Maintenance(settings) is { } maintenance)
            yield return maintenance;
        foreach (var (key, value) in labels)
        {
            if (!settings.Labels.TryGetValue(key, out var has))
                yield return $"lacks the label {key}={value}";
            else if (has != value)
                yield return $"lacks the label {key}={value}, it has {key}={has}";
        }

        foreach (var lack in Lacks(host.Capacity, asked, isMeant))
            yield return lack;
    }

    /// <summary>"in maintenance since …"; null when it is not.</summary>
    public static string? Maintenance(HostSettings settings)
        => settings.Maintenance is not { } maintenance ? null
            : $"in maintenance since {Say(maintenance.Since)}{(maintenance.Note.Length > 0 ? $" ({maintenance.Note})" : "")}";

    /// <summary>What there is too little of; empty when there is enough, and when the machine is not known.</summary>
    /// <param name="capacity">What the host has.</param>
    /// <param name="asked">What the server takes.</param>
    /// <param name="isPromisedOnly">Whether only promises count, and not what is in use.</param>
    public static IEnumerable<string> Lacks(HostCapacity? capacity, ServerShare asked, bool isPromisedOnly)
    {
        if (capacity is null)
            yield break;
        foreach (var (share, amount, unit, what) in new[]
        {
            (capacity.Memory, asked.MemoryMiB, "MiB", "memory"), (capacity.Cpu, asked.CpuPercent, "%", "CPU"), (capacity.Disk, asked.DiskMiB, "MiB", "disk"),
        })
        {
            var free = isPromisedOnly ? share.Unpromised : share.Free;
            if (share.Total > 0 && amount > 0 && amount > free)
                yield return string.Create(CultureInfo.InvariantCulture, $"{amount:N0} {unit} of {what} are asked and {free:N0} {unit} are free (of {share.Total:N0} {unit} × {share.Factor:0.0##})");
        }
    }

    /// <summary>Why a host that is silent is passed over; null when it is there.</summary>
    public static string? Away(HostSnapshot host) => host.Status switch
    {
        HostStatus.Ready or HostStatus.Unknown => null,
        HostStatus.EngineUnreachable => $"its Docker engine has not answered since {Say(host.StatusSince)}",
        HostStatus.Silent => $"silent since {Say(host.StatusSince)}",
        HostStatus.Lost => $"lost since {Say(host.StatusSince)}",
        _ => $"away since {Say(host.StatusSince)}",
    };

    private static string Say(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
