using System.Net;
using System.Net.Sockets;
using OrleansWings.Commands;

namespace OrleansWings.Settings;

/// <summary>
/// Looks whether the addresses can be listened on before anything starts. The web server begins last of all; a taken port
/// found only there would tear down a silo that has just joined.
/// </summary>
internal static class UrlProbe
{
    /// <exception cref="CannotStartException">One cannot.</exception>
    public static void Check(IEnumerable<BindingAddress> urls)
    {
        foreach (var url in urls)
        {
            var address = IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) ? ip : UrlSettings.IsLoopback(url.Host) ? IPAddress.Loopback : IPAddress.Any;
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, url.Port));
                socket.Listen();
            }
            catch (SocketException e)
            {
                throw new CannotStartException(e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"{SettingNames.Urls}: {url} is taken by another program. Stop that one, or choose another address.",
                    SocketError.AddressNotAvailable => $"{SettingNames.Urls}: {url} is no address of this machine.",
                    SocketError.AccessDenied => $"{SettingNames.Urls}: {url} may not be listened on by this user: ports below 1024 are for root.",
                    _ => $"{SettingNames.Urls}: {url} cannot be listened on: {e.Message}",
                }, e);
            }
        }
    }
}
