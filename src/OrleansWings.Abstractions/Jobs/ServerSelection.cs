using System.Collections.Immutable;
using System.Globalization;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>
/// Which servers a job is for: those that all that is said here fits. What is empty or null asks for nothing; with nothing asked at all it selects
/// nobody, unless <see cref="IsEveryServer"/> says that this is meant. Deleted servers are never selected.
/// </summary>
[GenerateSerializer, Immutable, Alias("server-selection")]
public sealed record ServerSelection
{
    /// <summary>Every server of the fleet, as far as the rest fits. Default: false.</summary>
    [Id(0)]
    public bool IsEveryServer { get; init; }

    /// <summary>Only these servers.</summary>
    [Id(1)]
    public ImmutableArray<ServerId> Servers { get; init; } = [];

    /// <summary>Only servers of these hosts.</summary>
    [Id(2)]
    public ImmutableArray<HostId> Hosts { get; init; } = [];

    /// <summary>Only servers that have all of these labels in their spec (<see cref="ServerSpec.Labels"/>).</summary>
    [Id(3)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Only servers in whose name, host, ports or id every word of this occurs, whatever the case.</summary>
    [Id(4)]
    public string Text { get; init; } = "";

    /// <summary>Only servers that are in this state and whose host answers.</summary>
    [Id(5)]
    public PowerState? State { get; init; }

    /// <summary>Whether nothing is asked, and nobody said that every server is meant.</summary>
    public bool IsEmpty => !IsEveryServer && Servers.IsDefaultOrEmpty && Hosts.IsDefaultOrEmpty && Labels is null or { Count: 0 } && string.IsNullOrWhiteSpace(Text) && State is null;

    /// <summary>Whether a server fits, but for its labels, which stand in its spec.</summary>
    /// <param name="server">The server.</param>
    public bool Fits(ServerSnapshot server)
        => !IsEmpty && !server.IsDeleted
            && (Servers.IsDefaultOrEmpty || Servers.Contains(server.Id))
            && (Hosts.IsDefaultOrEmpty || Hosts.Contains(server.Host))
            && (State is null || (server.State == State && server.IsReachable))
            && FitsText(server, Text ?? "");

    /// <summary>Whether every word occurs in a server's name, host, ports or id.</summary>
    /// <param name="server">The server.</param>
    /// <param name="text">The words, with spaces between them; none fits every server.</param>
    public static bool FitsText(ServerSnapshot server, string text)
    {
        foreach (var range in text.AsSpan().Split(' '))
        {
            var word = text.AsSpan()[range];
            if (!word.IsEmpty && !Has(server, word))
                return false;
        }

        return true;
    }

    /// <summary>Whether a server has all labels that are asked for.</summary>
    /// <param name="labels">The labels of its spec.</param>
    public bool FitsLabels(IReadOnlyDictionary<string, string> labels) => Labels is null || Labels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>The same with empty lists in place of missing ones.</summary>
    public ServerSelection Normalize() => this with
    {
        Servers = Servers.IsDefault ? [] : [.. Servers.Distinct()],
        Hosts = Hosts.IsDefault ? [] : Hosts,
        Labels = Labels ?? ImmutableSortedDictionary<string, string>.Empty,
        Text = Text?.Trim() ?? "",
    };

    private static bool Has(ServerSnapshot server, ReadOnlySpan<char> word)
    {
        if (Has(server.Name, word) || Has(server.Host.Value, word))
            return true;
        // Written where nothing is left behind: a search goes through the whole fleet, with every letter that is typed.
        Span<char> text = stackalloc char[64];
        server.Id.Value.TryFormat(text, out var length);
        if (Has(text[..length], word))
            return true;
        foreach (var port in server.Ports)
        {
            if (IsPlain(port) && text.TryWrite(CultureInfo.InvariantCulture, $"{port.Ip}:{port.Port}", out length) ? Has(text[..length], word) : Has(port.ToString(), word))
                return true;
        }

        return false;
    }

    // IPv6 has brackets around it, and is rare.
    private static bool IsPlain(Allocation port) => !port.Ip.Contains(':', StringComparison.Ordinal);

    private static bool Has(ReadOnlySpan<char> text, ReadOnlySpan<char> word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
