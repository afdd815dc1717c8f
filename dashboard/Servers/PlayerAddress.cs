using OrleansWings.Allocations;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Where players connect to a server: pure.</summary>
public static class PlayerAddress
{
    /// <summary>The address of a port, as a person types it into a game.</summary>
    /// <param name="port">The port. "0.0.0.0" is where the host listens; nobody can connect to that.</param>
    /// <param name="host">What the server's host says of itself; null when it said nothing yet.</param>
    /// <param name="usual">What was set for the dashboard: for hosts that have none of their own. Null for none.</param>
    /// <param name="browser">The name by which the browser reaches the dashboard, for want of anything better.</param>
    public static string Of(Allocation port, HostFacts? host, string? usual, string browser)
        => (port.Ip is "0.0.0.0" or "::" ? port with { Ip = host?.PublicAddress ?? usual ?? host?.Address ?? browser } : port).ToString();
}
