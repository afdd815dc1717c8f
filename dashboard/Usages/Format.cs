using System.Globalization;
using OrleansWings.Allocations;

namespace OrleansWings.Dashboard.Usages;

/// <summary>Numbers as people read them; always a point, never a local comma.</summary>
public static class Format
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>"0 B", "12 KiB", "1.4 GiB": three digits at most.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        var value = Math.Max(0, bytes);
        // 1023.6 KiB would round to 1024.
        for (; value >= 999.5 && unit < s_units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{Digits(value, isWhole: unit == 0)} {s_units[unit]}");
    }

    /// <summary>"1.4 MiB/s".</summary>
    public static string Rate(double bytesPerSecond) => Bytes(bytesPerSecond) + "/s";

    /// <summary>"0.4 %", "12 %", "250 %".</summary>
    public static string Percent(double percent)
        => string.Create(CultureInfo.InvariantCulture, $"{Digits(Math.Max(0, percent), isWhole: false)} %");

    /// <summary>"42 s", "5 min 3 s", "2 h 5 min", "3 d 4 h": the two largest units.</summary>
    public static string Duration(TimeSpan span)
    {
        span = span < TimeSpan.Zero ? TimeSpan.Zero : span;
        return span switch
        {
            { TotalMinutes: < 1 } => $"{span.Seconds} s",
            { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
            { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes} min",
            _ => $"{(int)span.TotalDays} d {span.Hours} h",
        };
    }

    /// <summary>"in 6 d 4 h", "5 min 3 s ago".</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
        => at > now ? $"in {Duration(at - now)}" : $"{Duration(now - at)} ago";

    /// <summary>":25565 +2" for every address of the host, else with the address; "–" for none.</summary>
    public static string Ports(IReadOnlyList<Allocation> ports)
        => ports.Count == 0 ? "–" : ports.Count == 1 ? Port(ports[0]) : $"{Port(ports[0])} +{ports.Count - 1}";

    /// <summary>Every port, for a tooltip or the details.</summary>
    public static string AllPorts(IEnumerable<Allocation> ports) => string.Join(", ", ports.Select(port => port.ToString()));

    private static string Port(Allocation port)
        => port.Ip is "0.0.0.0" or "::" ? string.Create(CultureInfo.InvariantCulture, $":{port.Port}") : port.ToString();

    private static string Digits(double value, bool isWhole)
        => value.ToString(isWhole || value >= 99.95 || value < 0.05 ? "0" : value >= 9.95 ? "0.#" : "0.0", CultureInfo.InvariantCulture);
}
