using System.Collections.Immutable;
using System.Net;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Settings;

/// <summary>WINGS_URLS: where the dashboard listens, and that no password crosses a network in the clear by accident.</summary>
internal static class UrlSettings
{
    public static ImmutableArray<BindingAddress> Read(SettingSource source, WingsRole role, bool allowsPlainHttp, bool hasCertificate)
    {
        var typed = source.Get(SettingNames.Urls) ?? (role == WingsRole.Host ? "http://127.0.0.1:8081" : "http://127.0.0.1:8080");
        var urls = ImmutableArray.CreateBuilder<BindingAddress>();
        foreach (var text in typed.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!TryParse(text, out var url))
                source.Fault(SettingNames.Urls, $"'{text}' is not an address to listen on. Write http://127.0.0.1:8080.");
            else if (url.Scheme == "https" && !hasCertificate)
                source.Fault(SettingNames.Urls, $"'{text}' needs {SettingNames.TlsCertificate} and {SettingNames.TlsKey}.");
            else if (url.Scheme == "http" && !IsLoopback(url.Host) && !allowsPlainHttp)
                source.Fault(SettingNames.Urls, $"'{text}' is reached by other machines, and over http everyone on the way can read passwords."
                    + $" Use https with {SettingNames.TlsCertificate} and {SettingNames.TlsKey}, or listen on 127.0.0.1 behind a proxy with TLS,"
                    + $" or allow it with {SettingNames.AllowPlainHttp}=true.");
            else
                urls.Add(url);
        }

        if (typed.Trim(' ', ';').Length == 0)
            source.Fault(SettingNames.Urls, $"'{typed}' has no address in it. Write http://127.0.0.1:8080.");
        return urls.ToImmutable();
    }

    // A name other than localhost would be listened for on every address, so it is as open as '*'.
    internal static bool IsLoopback(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool TryParse(string text, out BindingAddress url)
    {
        url = null!;
        try
        {
            url = BindingAddress.Parse(text);
            return url.Scheme is "http" or "https" && !url.IsUnixPipe && !url.IsNamedPipe
                && url.Port is >= 0 and <= 65_535 && url.PathBase.Length == 0 && url.Host.Length > 0 && !url.Host.Contains(' ');
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
