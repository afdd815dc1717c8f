using OrleansWings.Hosts;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Silo.Placement;

/// <summary>A silo's name says what it carries: "all:eu-1", "host:eu-1", "control:a".</summary>
internal static class SiloNames
{
    public static string Of(WingsRole role, string name) => $"{role.ToString().ToLowerInvariant()}:{name}";

    /// <summary>The host whose engine the silo of this name carries; null when it carries none.</summary>
    public static HostId? HostOf(string silo)
    {
        var parts = silo.Split(':', 2);
        return parts is ["all" or "host", var name] && HostId.TryParse(name, null, out var host) ? host : null;
    }

    /// <summary>Whether the silo of this name carries records, feeds and stream queues.</summary>
    public static bool IsControl(string silo) => silo.StartsWith("all:", StringComparison.Ordinal) || silo.StartsWith("control:", StringComparison.Ordinal);
}
