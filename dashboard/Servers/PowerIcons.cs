using MudBlazor;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>The sign of each power action.</summary>
public static class PowerIcons
{
    /// <summary>An SVG of MudBlazor's.</summary>
    public static string Of(PowerAction action) => action switch
    {
        PowerAction.Start => Icons.Material.Filled.PlayArrow,
        PowerAction.Stop => Icons.Material.Filled.Stop,
        PowerAction.Restart => Icons.Material.Filled.RestartAlt,
        _ => Icons.Material.Filled.Bolt,
    };
}
