using System.Globalization;
using System.Net;

namespace OrleansWings.Allocations;

/// <summary>An address and a port of a host, TCP and UDP both. No two servers of a host hold the same.</summary>
/// <param name="Ip">An IPv4 or IPv6 address; "0.0.0.0" is every IPv4 address of the host.</param>
/// <param name="Port">1 to 65,535.</param>
[GenerateSerializer, Immutable, Alias("allocation")]
public sealed record Allocation([property: Id(0)] string Ip, [property: Id(1)] int Port)
{
    /// <summary>Whether both would be listened on at the same place: the same port, and the same address or one that covers it.</summary>
    /// <param name="other">The other allocation.</param>
    public bool Overlaps(Allocation other)
        => Port == other.Port && (SameAddress(Ip, other.Ip) || Covers(Ip, other.Ip) || Covers(other.Ip, Ip));

    /// <summary>Whether listening here is listening there too: the same port, and the same address or a wider one.</summary>
    /// <param name="other">The other allocation.</param>
    public bool Includes(Allocation other)
        => Port == other.Port && (SameAddress(Ip, other.Ip) || Covers(Ip, other.Ip));

    /// <summary>"ip:port", with brackets around an IPv6 address.</summary>
    public override string ToString()
        => Ip.Contains(':', StringComparison.Ordinal) ? $"[{Ip}]:{Port}" : string.Create(CultureInfo.InvariantCulture, $"{Ip}:{Port}");

    private static bool SameAddress(string a, string b)
        => a == b || (IPAddress.TryParse(a, out var x) && IPAddress.TryParse(b, out var y) && x.Equals(y));

    // "::" also takes the IPv4 port on a dual-stack host, which is what the engine's proxy does.
    private static bool Covers(string wide, string narrow)
        => SameAddress(wide, "::") || (wide == "0.0.0.0" && !narrow.Contains(':', StringComparison.Ordinal));
}
