using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Placement;

namespace OrleansWings.Silo.Servers;

/// <summary>Finds the new server a host, and what it needs there.</summary>
internal sealed partial class ServerRecordGrain
{
    private HostReservation Reservation(ServerSpec spec)
        => new() { Server = Id, Name = spec.Name, Ports = spec.Ports, PortCount = spec.PortCount, Limits = spec.Limits };

    // A spec is stored with the ports it was given; whoever asks again names only those that they named.
    private static ServerSpec AsAsked(ServerSpec stored, ServerSpec asked)
        => stored.PortCount > asked.Ports.Length ? stored with { Ports = [.. stored.Ports.Take(asked.Ports.Length)] } : stored;

    /// <summary>Chooses a host and makes it promise what is asked; what it promised since it was looked at sends the server to the next.</summary>
    /// <returns>The host's answer with its name in it, or a refusal that says of each host why not.</returns>
    private async Task<ServerResult> PlaceAsync(ServerSpec spec)
    {
        var known = await GrainFactory.GetGrain<IFleetGrain>(0).ListHostsAsync();
        if (known.IsEmpty)
            return NoHost("No host has joined yet: there is nowhere to run a server.");
        if (spec.Host is { } name && !known.Contains(name))
            return NoHost($"There is no host named {name}. Known hosts: {string.Join(", ", known)}.");
        ImmutableArray<HostId> asked = spec.Host is { } named ? [named] : known;
        var wish = Reservation(spec) with { IsNew = true };
        var looks = await Task.WhenAll(asked.Select(host => ConsiderAsync(host, wish)));
        if (looks.All(look => look.Candidate is null))
            return ServerResult.Refused(ServerRefusal.NotStored, $"Nothing was done: what is kept about {(asked.Length == 1 ? $"host {asked[0]}" : "the hosts")} cannot be read at the moment.");
        var candidates = looks.Select(look => look.Candidate).OfType<HostCandidate>().ToArray();
        // Ports of the only candidate are refused at their fields, with who holds each: that says more than "no host".
        if (asked.Length == 1 && candidates is [{ PortFaults.IsEmpty: false } only])
            return PortsRefused(only.PortFaults);

        var choice = HostChooser.Choose(asked.Length == 1 ? spec with { Host = asked[0] } : spec, candidates);
        List<PassedOver> passedOver = [.. looks.Select(look => look.Unread).OfType<PassedOver>(), .. choice.PassedOver];
        foreach (var host in choice.Fitting)
        {
            var answer = await GrainFactory.GetGrain<IHostGrain>(host.Value).ReserveServerAsync(wish);
            if (answer.IsAccepted)
                return answer with { Host = host };
            if (answer.Refusal is not (ServerRefusal.NoHost or ServerRefusal.PortTaken) || asked.Length == 1)
                return NotPromised(answer);
            passedOver.Add(new PassedOver(host, answer.Message.TrimEnd('.')));
        }

        return NoHost(asked.Length == 1 ? $"The server cannot go to {passedOver[0]}." : $"No host can take the server. {string.Join(". ", passedOver.OrderBy(over => over.Host.Value, StringComparer.Ordinal))}.");
    }

    // One host whose record cannot be read must not keep servers from the others.
    private async Task<(HostCandidate? Candidate, PassedOver? Unread)> ConsiderAsync(HostId host, HostReservation wish)
    {
        try
        {
            return (await GrainFactory.GetGrain<IHostGrain>(host.Value).ConsiderAsync(wish), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotConsidered(logger, Id, host, e);
            return (null, new PassedOver(host, "what is kept about it cannot be read at the moment"));
        }
    }

    private static ServerResult PortsRefused(ImmutableArray<SpecFault> faults)
        => ServerResult.Refused(ServerRefusal.PortTaken, string.Join(" ", faults.Select(fault => fault.Message))) with { Faults = faults };

    private static ServerResult NoHost(string message)
        => ServerResult.Refused(ServerRefusal.NoHost, message) with { Faults = [new SpecFault(nameof(ServerSpec.Host), message)] };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: host {Host} was not considered")]
    private static partial void LogNotConsidered(ILogger logger, ServerId server, HostId host, Exception exception);
}
