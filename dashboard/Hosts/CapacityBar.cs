using System.Globalization;
using OrleansWings.Dashboard.Usages;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Hosts;

/// <summary>One thing that a host has, as a bar with its numbers.</summary>
/// <param name="Name">"Memory".</param>
/// <param name="Words">"12 GiB promised of 96 GiB (64 GiB × 1.5), 8.1 GiB in use".</param>
/// <param name="Promised">The bar's part that is promised, in whole % of what may be.</param>
/// <param name="Used">The mark of what is in use, in the same measure.</param>
/// <param name="IsFull">Whether nearly nothing more may be promised.</param>
public sealed record CapacityBar(string Name, string Words, int Promised, int Used, bool IsFull)
{
    private const double MiB = 1024 * 1024;

    /// <summary>Memory, CPU, disk and ports; what is not known is left out.</summary>
    public static IEnumerable<CapacityBar> Of(HostCapacity capacity)
    {
        if (capacity.Memory.Total > 0)
            yield return Bar("Memory", capacity.Memory, amount => Format.Bytes(amount * MiB));
        if (capacity.Cpu.Total > 0)
            yield return Bar("CPU", capacity.Cpu, amount => Format.Percent(amount), "in use on average");
        if (capacity.Disk.Total > 0)
            yield return Bar("Disk", capacity.Disk, amount => Format.Bytes(amount * MiB));
        if (capacity.PoolPorts > 0)
        {
            var held = capacity.PoolPorts - capacity.FreePoolPorts;
            yield return new CapacityBar(
                "Ports", $"{held} of {capacity.PoolPorts} held, {capacity.FreePoolPorts} free", Share(held, capacity.PoolPorts), 0, capacity.FreePoolPorts == 0);
        }
    }

    private static CapacityBar Bar(string name, CapacityShare share, Func<double, string> say, string inUse = "in use")
    {
        var limit = Math.Max(1, share.Limit);
        var factor = share.Factor == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({say(share.Total)} × {share.Factor:0.##})");
        var used = share.Used > 0 ? $", {say(share.Used)} {inUse}" : "";
        return new CapacityBar(
            name, $"{say(share.Promised)} promised of {say(share.Limit)}{factor}{used}", Share(share.Promised, limit), Share(share.Used, limit), share.Promised > 0.9 * limit);
    }

    private static int Share(long part, long whole) => (int)Math.Clamp(100 * part / whole, 0, 100);
}
