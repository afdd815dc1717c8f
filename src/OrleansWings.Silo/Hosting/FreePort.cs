using System.Net;
using System.Net.Sockets;

namespace OrleansWings.Silo.Hosting;

/// <summary>A port of the loopback address that nobody listens on now. One machine's silo needs no fixed one.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
