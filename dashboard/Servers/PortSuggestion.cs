using OrleansWings.Allocations;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Proposes a port that no server of the fleet holds.</summary>
public static class PortSuggestion
{
    /// <summary>Where to look first: the port that most people expect of a game server.</summary>
    public const int First = 25_565;

    /// <summary>The first free port from the last one in the form on; null when there is none.</summary>
    /// <param name="taken">What servers hold; on which host does not matter, a port free everywhere suits every host.</param>
    /// <param name="own">What the form has already.</param>
    public static int? Next(IEnumerable<Allocation> taken, IReadOnlyCollection<int> own)
    {
        var used = taken.Select(port => port.Port).Concat(own).ToHashSet();
        var from = own.Count > 0 ? Math.Max(own.Last(), 1_024) : First;
        for (var port = from; port <= 65_535; port++)
        {
            if (!used.Contains(port))
                return port;
        }

        return null;
    }
}
