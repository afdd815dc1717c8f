using System.Net;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Silo.Hosts;

/// <summary>Where this host is reached: by players, and by the fleet.</summary>
/// <param name="Public">As the operator set it; null when they did not.</param>
/// <param name="Fleet">Where the other machines reach it; null when none does.</param>
internal sealed record HostAddresses(string? Public, string? Fleet)
{
    /// <summary>What the settings say. A loopback address is nobody else's, so it is none.</summary>
    public static HostAddresses Of(WingsSiloOptions options)
        => new(options.PublicAddress, options.Fleet?.Address is { } address && !IPAddress.IsLoopback(address) ? address.ToString() : null);
}
