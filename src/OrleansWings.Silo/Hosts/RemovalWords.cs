using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>What is said of a host's removal: pure.</summary>
internal static class RemovalWords
{
    private const int Named = 10;

    /// <summary>The host is there.</summary>
    public static ServerResult InUse(HostId host)
        => ServerResult.Refused(
            ServerRefusal.HostInUse, $"Host {host} is in the cluster. Stop its program first; when its machine is gone, the cluster finds that within some seconds.");

    /// <summary>The host came while its servers' records were removed.</summary>
    public static ServerResult CameBack(HostId host, IReadOnlyCollection<string> names)
        => ServerResult.Refused(
            ServerRefusal.HostInUse,
            $"Host {host} came back while it was removed, and stays." + (names.Count == 0 ? "" : $" The fleet has no record any more of {Say(names)}: what the host has of them can be adopted on its page."));

    /// <summary>The host has servers, and nobody has said that their records may go.</summary>
    public static ServerResult HasServers(HostId host, IReadOnlyCollection<string> names)
        => ServerResult.Refused(
            ServerRefusal.HostHasServers,
            $"Host {host} has {(names.Count == 1 ? "a server" : $"{names.Count} servers")}: {Say(names)}. Reassign or delete them first, or remove their records too:"
            + " the fleet then knows them no longer, and their files and containers stay on the machine.");

    /// <summary>It is done.</summary>
    public static ServerResult Removed(HostId host, IReadOnlyCollection<string> names)
    {
        var records = names.Count switch
        {
            0 => "",
            1 => $" So is the record of its server {names.First()}.",
            var count => $" So are the records of its {count} servers.",
        };
        return ServerResult.Accepted($"Host {host} is removed.{records} Another machine can take its name.");
    }

    private static string Say(IReadOnlyCollection<string> names)
        => string.Join(", ", names.Take(Named)) + (names.Count > Named ? $" and {names.Count - Named} more" : "");
}
