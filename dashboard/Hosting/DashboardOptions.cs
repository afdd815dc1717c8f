using OrleansWings.Dashboard.Hosts;

namespace OrleansWings.Dashboard.Hosting;

/// <summary>What the dashboard has to know of the program it is served by.</summary>
public sealed class DashboardOptions
{
    /// <summary>
    /// The name of the executable's assembly: it serves the components' styles as "name.styles.css". Default: "OrleansWings".
    /// </summary>
    public string ExecutableName { get; set; } = "OrleansWings";

    /// <summary>The address or name that players connect to, of hosts that say none of their own. Default: null.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>How another machine joins this fleet. Default: null, the program is one machine by itself.</summary>
    public FleetEntrance? Entrance { get; set; }
}
