using System.Collections.Immutable;
using System.Net;

namespace OrleansWings.Settings;

/// <summary>The settings that name addresses of others: how browsers, proxies and players reach this machine.</summary>
internal static class AddressSettings
{
    public static ImmutableArray<string> ReadHosts(SettingSource source)
    {
        var hosts = ImmutableArray.CreateBuilder<string>();
        foreach (var text in Split(source.Get(SettingNames.Hosts)))
        {
            var host = HostString.FromUriComponent(text);
            if (text.Contains('/') || !IsName(host.Host) || (host.Port is null && text.EndsWith(':')))
                source.Fault(SettingNames.Hosts, $"'{text}' is not a name that a browser has in its address bar. Write games.example, or games.example:8443.");
            else
                hosts.Add(text.ToLowerInvariant());
        }

        return hosts.ToImmutable();
    }

    public static ImmutableArray<IPNetwork> ReadProxies(SettingSource source)
    {
        var proxies = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in Split(source.Get(SettingNames.Proxies)))
        {
            if (IPAddress.TryParse(text, out var address))
                proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(text, out var network))
                proxies.Add(network);
            else
                source.Fault(SettingNames.Proxies, $"'{text}' is neither an address nor a network. Write 127.0.0.1, or 10.0.0.0/8.");
        }

        return proxies.ToImmutable();
    }

    public static string? ReadPublicAddress(SettingSource source)
    {
        var typed = source.Get(SettingNames.PublicAddress)?.Trim();
        if (typed is not null && !IsName(typed))
            source.Fault(SettingNames.PublicAddress, $"'{typed}' is neither a name nor an address. Write games.example or 203.0.113.7, without a port.");
        return typed;
    }

    private static bool IsName(string text) => Uri.CheckHostName(text) is not (UriHostNameType.Unknown or UriHostNameType.Basic);

    private static string[] Split(string? typed) => typed?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
