using Microsoft.Extensions.Hosting;

namespace OrleansWings.Silo.Hosting;

/// <summary>Adds a silo with everything its role carries; every service of the platform is registered from here.</summary>
public static class WingsSiloExtensions
{
    /// <summary>Adds the silo. The facade (IFleet), the feeds and <see cref="IWingsReadiness"/> are then services of the program.</summary>
    public static IHostApplicationBuilder AddWingsSilo(this IHostApplicationBuilder builder, WingsSiloOptions options)
        => throw new NotImplementedException($"{builder} {options}");
}

/// <summary>Whether this process does its work, for /health/ready and the "is ready" line.</summary>
public interface IWingsReadiness
{
    /// <summary>Null when ready; else what is still missing, in words.</summary>
    string? WhyNotReady { get; }
}
