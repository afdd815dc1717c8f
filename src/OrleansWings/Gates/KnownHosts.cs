using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using OrleansWings.Settings;

namespace OrleansWings.Gates;

/// <summary>
/// The names of this dashboard. A browser that was told a foreign name for our address (DNS rebinding) gives itself away
/// by that name, and a page of another place by its origin.
/// </summary>
internal sealed class KnownHosts
{
    private readonly FrozenSet<string> _names;
    private readonly FrozenSet<string> _origins;

    public KnownHosts(WingsOptions options)
    {
        string[] names =
        [
            "localhost", options.MachineName,
            .. options.Urls.Select(url => url.Host),
            .. options.Hosts.Select(host => new HostString(host).Host),
            .. options.Certificate?.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()) ?? [],
        ];
        _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _origins = options.Hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a request to this name is meant for us. An IP address always is: no foreign page has one for its name.</summary>
    public bool IsOurs(HostString host)
        => IsPort(host.Port)
            && (IPAddress.TryParse(host.Host.Trim('[', ']'), out _) || _names.Contains(host.Host)
                || (host.Host.IndexOf('.') is > 0 and var dot && _names.Contains("*" + host.Host[dot..])));

    /// <summary>
    /// Whether the page that asks is one of ours: from the very host and port that it asks, as a game's web page on another
    /// port sends our cookie too; or from a name that was set, as a proxy may pass on another one. The scheme is the proxy's.
    /// </summary>
    public bool IsOurs(string origin, HostString host)
        => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && (_origins.Contains(uri.Authority)
                || (uri.IdnHost == new Uri($"http://{host}").IdnHost && uri.Port == (host.Port ?? uri.Scheme switch { "https" => 443, _ => 80 })));

    // No browser sends another, and the pages make an address of it.
    private static bool IsPort(int? port) => port is null or (>= 0 and <= 65_535);
}
