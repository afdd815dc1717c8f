using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>Whether a server may be given to another host.</summary>
internal static class ReassignRule
{
    /// <summary>Null when it may; else the refusal.</summary>
    /// <param name="assignment">The server.</param>
    /// <param name="to">The host that shall have it.</param>
    /// <param name="hosts">Every known host.</param>
    /// <param name="from">What is known of its present host.</param>
    /// <param name="last">The server as last seen; null when its host was asked and did not answer.</param>
    /// <param name="isRiskAccepted">Whether a person has read the warning.</param>
    public static ServerResult? Check(
        ServerAssignment assignment, HostId to, IReadOnlyCollection<HostId> hosts, HostStatus from, PowerState? last, bool isRiskAccepted)
    {
        var name = assignment.Spec.Name;
        if (to == assignment.Host)
            return ServerResult.Refused(ServerRefusal.Invalid, $"The server {name} is on host {to} already.");
        if (!hosts.Contains(to))
            return ServerResult.Refused(ServerRefusal.NoHost, $"There is no host named {to}. Known hosts: {string.Join(", ", hosts)}.");
        var isThere = from is HostStatus.Ready or HostStatus.EngineUnreachable;
        if (isThere && last is null)
            return ServerResult.Refused(ServerRefusal.HostInUse, $"Host {assignment.Host} does not say at the moment whether the server {name} is offline there. Try again in some seconds.");
        if (isThere && last != PowerState.Offline)
            return ServerResult.Refused(ServerRefusal.HostInUse, $"Host {assignment.Host} answers and the server {name} is not offline there. Stop it first.");
        return isRiskAccepted ? null : ServerResult.Refused(ServerRefusal.RiskNotAccepted, Warning(assignment, to, isThere));
    }

    private static string Warning(ServerAssignment assignment, HostId to, bool isThere)
    {
        var files = $"The files of {assignment.Spec.Name} do not move: they must be on storage that {to} reaches under the same path, else it starts with an empty folder.";
        return isThere ? files
            : $"{files} Host {assignment.Host} does not answer: if it is only cut off, it may still run this server, and both would write the same files."
                + $" Make sure that it is off. When it comes back, it ends its own copy before anything else.";
    }
}
