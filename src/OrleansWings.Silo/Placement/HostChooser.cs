using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Placement;

/// <summary>The hosts that can take a server, the best first, and why each of the others cannot.</summary>
internal sealed record HostChoice(ImmutableArray<HostId> Fitting, ImmutableArray<PassedOver> PassedOver);

/// <summary>A host that a server did not go to, and why: "eu-2: silent since …".</summary>
internal sealed record PassedOver(HostId Host, string Reason)
{
    public override string ToString() => $"{Host}: {Reason}";
}

/// <summary>Chooses the host of a new server: first who can take it at all, then who best. Pure.</summary>
internal static class HostChooser
{
    /// <summary>Looks at every candidate.</summary>
    /// <param name="spec">What is asked.</param>
    /// <param name="candidates">The hosts: all of them, or the one that was named.</param>
    public static HostChoice Choose(ServerSpec spec, IReadOnlyCollection<HostCandidate> candidates)
    {
        var asked = HostPromises.To(spec.Limits, usage: null);
        // Named, or the only one there is: then it is meant, and the server waits there until the host is back.
        var isMeant = spec.Host is not null || candidates.Count == 1;
        var fitting = new List<HostSnapshot>();
        var passedOver = ImmutableArray.CreateBuilder<PassedOver>();
        foreach (var candidate in candidates.OrderBy(candidate => candidate.Host.Id.Value, StringComparer.Ordinal))
        {
            var reasons = Against(candidate, spec, asked, isMeant).ToArray();
            if (reasons.Length == 0)
                fitting.Add(candidate.Host);
            else
                passedOver.Add(new PassedOver(candidate.Host.Id, string.Join("; ", reasons)));
        }

        // A stable sort: of equals the first by name.
        var ranked = fitting.OrderByDescending(host => host.Status == HostStatus.Ready)
            .ThenBy(host => Rank(FreeShare(host), spec.Placement));
        return new HostChoice([.. ranked.Select(host => host.Id)], passedOver.ToImmutable());
    }

    // A host that is full by what is expected comes last of all, also for those that pack: only a server without a limit gets there.
    private static double Rank(double free, ServerPlacement placement)
        => free <= 0 ? 2 - free : placement == ServerPlacement.Pack ? free : -free;

    /// <summary>How much of a host is left, up to 1: of memory or CPU, whichever is scarcer, by promises or by what is measured, whichever is more, and by what is expected besides. Below 0 where more is expected than there is.</summary>
    public static double FreeShare(HostSnapshot host)
        => host.Capacity is { } capacity ? Math.Min(FreeShare(capacity.Memory), FreeShare(capacity.Cpu)) : 0;

    // Over-commit lets more be promised; it does not make a busy machine idle.
    private static double FreeShare(CapacityShare share)
        => share.Total <= 0 || share.Limit <= 0 ? 0
            : 1 - Math.Max((double)(Math.Max(share.Promised, share.Used) + share.Expected) / share.Limit, (double)share.Used / share.Total);

    private static IEnumerable<string> Against(HostCandidate candidate, ServerSpec spec, ServerShare asked, bool isMeant)
    {
        if (!isMeant && HostFit.Away(candidate.Host) is { } away)
            yield return away;
        foreach (var reason in HostFit.Against(candidate.Host, spec.HostLabels, asked, isMeant))
            yield return reason;
        foreach (var fault in candidate.PortFaults)
            yield return fault.Message.TrimEnd('.');
    }
}
