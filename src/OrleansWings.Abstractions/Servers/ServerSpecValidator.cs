using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>
/// What a spec may say. Finds every fault, in words that repeat what was typed; asked by the dashboard at the field and
/// by the record grain before anything is written.
/// </summary>
public static partial class ServerSpecValidator
{
    /// <summary>Names of the environment that the platform sets, and those that would break the image's entrypoint.</summary>
    public static ImmutableSortedSet<string> ReservedEnvironment { get; } =
        ImmutableSortedSet.Create(StringComparer.OrdinalIgnoreCase,
            "STARTUP", "TZ", "SERVER_MEMORY", "SERVER_IP", "SERVER_PORT", "ENV", "HOME", "USER", "SERVER_UUID", "UUID");

    // Linux gives a process at most 2 MiB of arguments and environment with the usual limits; the platform's own have a share.
    private const int MaxEnvironmentBytes = 1024 * 1024;

    private const int MaxLabels = 100;

    // Of ports, mounts, done-lines and parts of a command: each is looked at with each start, or with each line. Beyond it they are counted only.
    private const int MaxParts = 100;
    private const int MaxCommandLength = 16 * 1024;

    // A machine without the whole database of time zones, as small images are, knows too few: nothing can be said there. The older names are a package of their own.
    private static readonly Lazy<bool> s_hasZones = new(() => TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out _) && TimeZoneInfo.TryFindSystemTimeZoneById("US/Eastern", out _));

    private static readonly ImmutableArray<string> s_systemFolders =
        ["/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/tmp", "/usr", "/home/container"];

    /// <summary>Every fault of a spec; empty when it can be.</summary>
    /// <param name="spec">The spec.</param>
    public static ImmutableArray<SpecFault> Validate(ServerSpec spec)
    {
        // Panel code may leave out with "null" or "default" what is never left out here.
        if (spec.Stop is null || spec.Limits is null || spec.Environment is null || spec.HostLabels is null || spec.Labels is null || spec.Command.IsDefault || spec.DoneLines.IsDefault || spec.Ports.IsDefault || spec.Mounts.IsDefault)
            return [new SpecFault("", "A part of the spec is null: leave it out, or give an empty list.")];
        var faults = ImmutableArray.CreateBuilder<SpecFault>();
        void Check(string field, string? fault)
        {
            if (fault is not null)
                faults.Add(new SpecFault(field, fault));
        }

        Check(nameof(spec.Name), CheckName(spec.Name));
        Check(nameof(spec.Image), CheckImage(spec.Image));
        Check(nameof(spec.Startup), CheckStartup(spec.Startup));
        Check("Stop.Value", CheckStop(spec.Stop));
        Check("Stop.Grace", CheckGrace(spec.Stop.Grace));
        Check(nameof(spec.TimeZone), CheckTimeZone(spec.TimeZone));
        Check(nameof(spec.StartPriority), spec.StartPriority is >= -100 and <= 100 ? null : $"{spec.StartPriority} is not a start priority: -100 to 100, higher goes first.");
        var commandLength = spec.Command.Sum(part => (long)(part?.Length ?? 0));
        if (spec.Command.Length > MaxParts || commandLength > MaxCommandLength)
            Check(nameof(spec.Command), $"The command has {spec.Command.Length} parts with {commandLength} characters: at most {MaxParts} with 16,384.");
        if (spec.Command.Any(part => part is null || part.Contains('\0')))
            Check(nameof(spec.Command), "The command has a part that is null, or a zero byte in one.");
        if (spec.DoneLines.Length > MaxParts)
            Check(nameof(spec.DoneLines), $"{spec.DoneLines.Length} done-lines are too many: at most {MaxParts}.");
        for (var i = 0; i < Math.Min(spec.DoneLines.Length, MaxParts); i++)
            Check($"DoneLines[{i}]", CheckDoneLine(spec.DoneLines[i]));
        if (spec.Environment.Count > 1_000)
            Check(nameof(spec.Environment), $"{spec.Environment.Count} environment variables are too many: at most 1,000.");
        if (spec.Environment.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value ?? "") + 2L) is > MaxEnvironmentBytes and var bytes)
            Check(nameof(spec.Environment), FormattableString.Invariant($"The environment has {bytes:N0} bytes in all; at most {MaxEnvironmentBytes:N0}, or the process cannot be started."));
        foreach (var (name, value) in spec.Environment)
            Check($"Environment[{name}]", CheckEnvironment(name, value));
        faults.AddRange(CheckLimits(spec.Limits));
        if (spec.Ports.Length > MaxParts)
            Check(nameof(spec.Ports), $"{spec.Ports.Length} ports are too many: at most {MaxParts}.");
        if (spec.PortCount is < 0 or > MaxParts)
            Check(nameof(spec.PortCount), $"{spec.PortCount} is not a number of ports: 0 to 100.");
        for (var i = 0; i < Math.Min(spec.Ports.Length, MaxParts); i++)
        {
            Check($"Ports[{i}].Ip", CheckAddress(spec.Ports[i].Ip));
            Check($"Ports[{i}]", CheckPort(spec.Ports[i].Port));
            if (spec.Ports.Take(i).Any(spec.Ports[i].Overlaps))
                Check($"Ports[{i}]", $"{spec.Ports[i]} is there twice.");
        }

        if (spec.IsOutgoingIpForced)
            Check(nameof(spec.IsOutgoingIpForced), CheckOutgoing(spec));
        if (spec.Mounts.Length > MaxParts)
            Check(nameof(spec.Mounts), $"{spec.Mounts.Length} mounts are too many: at most {MaxParts}.");
        for (var i = 0; i < Math.Min(spec.Mounts.Length, MaxParts); i++)
        {
            Check($"Mounts[{i}]", CheckMount(spec.Mounts[i]));
            if (spec.Mounts.Take(i).Any(other => other.Target?.TrimEnd('/') == spec.Mounts[i].Target?.TrimEnd('/')))
                Check($"Mounts[{i}]", $"{spec.Mounts[i].Target} is there twice.");
        }

        faults.AddRange(HostSettingsValidator.CheckLabels(spec.HostLabels, nameof(spec.HostLabels)));
        if (spec.Labels.Count > MaxLabels)
            Check(nameof(spec.Labels), $"{spec.Labels.Count} labels are too many: at most {MaxLabels}.");
        foreach (var (key, value) in spec.Labels)
            Check($"Labels[{key}]", CheckLabel(key, value));
        if (!Enum.IsDefined(spec.Placement))
            Check(nameof(spec.Placement), $"{spec.Placement} is not a placement: Spread or Pack.");
        return faults.ToImmutable();
    }

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    /// <param name="name">As typed.</param>
    public static string? CheckName(string? name)
        => string.IsNullOrWhiteSpace(name) ? "A server needs a name."
            : name.Length > 80 ? $"The name is {name.Length} characters long; at most 80."
            : name.EnumerateRunes().Any(IsUnseen) ? "The name has a character in it that cannot be seen, or that turns the text around."
            : null;

    /// <summary>What is wrong with an image's name; null when nothing is.</summary>
    /// <param name="image">As typed.</param>
    public static string? CheckImage(string? image)
        => string.IsNullOrWhiteSpace(image) ? "A server needs an image, for example ghcr.io/pterodactyl/yolks:java_21."
            : image.Length > 300 || !ImagePattern().IsMatch(image.StartsWith('~') ? image[1..] : image)
                ? $"'{Shorten(image)}' is not an image name: write it as registry/name:tag, in lower case."
            : null;

    /// <summary>What is wrong with a start-up command; null when nothing is.</summary>
    /// <param name="startup">As typed.</param>
    public static string? CheckStartup(string? startup)
        => string.IsNullOrWhiteSpace(startup) ? "A server needs a start-up command."
            : startup.Length > MaxCommandLength ? $"The start-up command is {startup.Length} characters long; at most 16,384."
            : startup.Contains('\0') ? "The start-up command has a zero byte in it."
            : null;

    /// <summary>What is wrong with a stop rule; null when nothing is.</summary>
    /// <param name="stop">As typed.</param>
    public static string? CheckStop(StopRule stop) => stop.Kind switch
    {
        StopKind.Native => null,
        StopKind.Signal when StopSignal.TryParse(stop.Value, out _) => null,
        StopKind.Signal => $"'{Shorten(stop.Value)}' is not a signal: write SIGINT, INT, 2 or ^C.",
        StopKind.Command => ServerCommand.Check(stop.Value) ?? (string.IsNullOrWhiteSpace(stop.Value) ? "The stop command is empty." : null),
        _ => $"{stop.Kind} is not a way to stop.",
    };

    /// <summary>What is wrong with a variable; null when nothing is.</summary>
    /// <param name="name">As typed.</param>
    /// <param name="value">As typed.</param>
    public static string? CheckEnvironment(string name, string? value)
        => !EnvironmentPattern().IsMatch(name) ? $"'{Shorten(name)}' is not a variable's name: use letters, digits and '_', and do not begin with a digit."
            : name.Length > 200 ? $"The variable's name is {name.Length} characters long; at most 200."
            : ReservedEnvironment.Contains(name) ? $"{name.ToUpperInvariant()} is set by the platform and cannot be changed."
            : value is null ? $"{name} has no value."
            : value.Length > 32 * 1024 ? $"The value of {name} is {value.Length} characters long; at most 32,768."
            : value.Contains('\0') ? $"The value of {name} has a zero byte in it."
            : null;

    /// <summary>What is wrong with the address that a port is bound to; null when nothing is.</summary>
    /// <param name="ip">As typed.</param>
    public static string? CheckAddress(string? ip)
        => IsAddress(ip) ? null : $"'{Shorten(ip ?? "")}' is not an IP address, for example 0.0.0.0 or 203.0.113.7.";

    /// <summary>What is wrong with a port; null when nothing is.</summary>
    /// <param name="port">As typed.</param>
    public static string? CheckPort(int port) => port is < 1 or > 65_535 ? $"{port} is not a port: 1 to 65535." : null;

    /// <summary>What is wrong with a label of the container; null when nothing is.</summary>
    /// <param name="key">As typed.</param>
    /// <param name="value">As typed.</param>
    public static string? CheckLabel(string key, string? value)
        => !LabelPattern().IsMatch(key) ? $"'{Shorten(key)}' is not a label: use letters, digits, '.', '-', '_' and '/', at most 128."
            : key.StartsWith("orleanswings.", StringComparison.OrdinalIgnoreCase) ? $"{key} is a label of the platform's own and cannot be set."
            : value is null ? $"The label {key} has no value."
            : value.Length > 1_000 ? $"The value of the label {key} is {value.Length} characters long; at most 1,000."
            : value.Any(char.IsControl) ? $"The value of the label {key} has a control character in it."
            : null;

    /// <summary>What is wrong with an address as the one to send from; null when nothing is.</summary>
    /// <param name="ip">The primary port's.</param>
    public static string? CheckOutgoingIp(string? ip)
        => IPAddress.TryParse(ip, out var address) && address.AddressFamily == AddressFamily.InterNetwork && !address.Equals(IPAddress.Any) && !IPAddress.IsLoopback(address) ? null
            : $"The outgoing address is that of the first port, and {Shorten(ip ?? "")} is none to send from: give that port one of the host's IPv4 addresses.";

    // A port that is given from a pool has its address only later: the start looks again.
    private static string? CheckOutgoing(ServerSpec spec)
        => !spec.Ports.IsEmpty ? CheckOutgoingIp(spec.Ports[0].Ip)
            : spec.PortCount > 0 ? null : "The outgoing address is that of the first port, and there is none: give the server a port.";

    private static string? CheckGrace(TimeSpan grace)
        => grace < TimeSpan.FromSeconds(1) || grace > TimeSpan.FromHours(1)
            ? $"{grace.TotalSeconds:0.###} s is not a grace period: 1 s to 3,600 s." : null;

    // A misspelt one would be taken by every program in the container as UTC, without a word.
    private static string? CheckTimeZone(string? zone)
        => zone is { Length: > 0 and <= 64 } && TimeZonePattern().IsMatch(zone) && (FixedZonePattern().IsMatch(zone) || !s_hasZones.Value || (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.Id == zone))
            ? null : $"'{Shorten(zone ?? "")}' is not a time zone, for example Europe/Berlin.";

    private static string? CheckDoneLine(string? line)
        => string.IsNullOrEmpty(line) ? "A done-line is empty."
            : line.Length > 1_000 ? $"The done-line is {line.Length} characters long; at most 1,000."
            : DoneLine.TryParse(line, out _, out var fault) ? null : fault;

    private static string? CheckMount(MountSpec mount)
        => !IsPlainPath(mount.Source) ? $"'{Shorten(mount.Source)}' is not an absolute path without '..', '//' or ':'."
            : !IsPlainPath(mount.Target) ? $"'{Shorten(mount.Target)}' is not an absolute path without '..', '//' or ':'."
            : s_systemFolders.Contains(mount.Target.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/")
                ? $"{mount.Target} belongs to the system of the container: choose another folder."
            : null;

    // Two names that look the same, or a name that writes what stands after it backwards, mislead people.
    private static bool IsUnseen(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator || rune == Rune.ReplacementChar;

    private static bool IsPlainPath(string? path)
        => path is { Length: >= 1 and <= 4_096 } && path[0] == '/'
            && !path.Contains('\0') && !path.Contains(':') && !path.Contains("//", StringComparison.Ordinal) && !path.Split('/').Any(part => part is ".." or ".");

    // IPAddress also takes "1" and "0x7f.1": only the usual spelling is a promise to the person who typed it. An IPv4 address in
    // IPv6's words would be held beside the same one in its own, and only one of the two servers could start.
    private static bool IsAddress(string? ip)
        => IPAddress.TryParse(ip, out var address)
            && (ip!.Contains(':') ? !address.IsIPv4MappedToIPv6 && !ip.Contains('[') && !ip.Contains('%') : address.ToString() == ip);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,126}[A-Za-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex ImagePattern();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex EnvironmentPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*\z")]
    private static partial Regex TimeZonePattern();

    // POSIX' way without a database: "CET-1CEST", "UTC+3".
    [GeneratedRegex(@"\A[A-Za-z]{3,6}[+-]?[0-9]{1,2}(?:[A-Za-z]{3,6}(?:[+-]?[0-9]{1,2})?)?\z")]
    private static partial Regex FixedZonePattern();
}
