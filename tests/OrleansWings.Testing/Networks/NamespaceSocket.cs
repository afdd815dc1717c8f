using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Testing.Networks;

/// <summary>Sockets where an engine's published ports are: in its network namespace, or on this machine.</summary>
public static partial class NamespaceSocket
{
    private const int CloneNewNet = 0x40000000;

    public static Socket Listen(int port = 0) => RealEngine.Namespace is { } file ? MakeIn(file, () => ListenHere(port)) : ListenHere(port);

    /// <summary>UDP, bound to a port of a namespace as a game does.</summary>
    public static Socket BindUdp(string file, int port) => MakeIn(file, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    });

    /// <summary>A connection to a port of a namespace's loopback.</summary>
    public static Task<Socket> ConnectAsync(string file, int port, CancellationToken cancellationToken)
        => ConnectAsync(file, new IPEndPoint(IPAddress.Loopback, port), cancellationToken);

    /// <summary>A connection out of a namespace.</summary>
    public static async Task<Socket> ConnectAsync(string file, IPEndPoint to, CancellationToken cancellationToken)
    {
        var socket = MakeIn(file, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await socket.ConnectAsync(to, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket MakeIn(string file, Func<Socket> make)
    {
        Socket? socket = null;
        Exception? fault = null;
        // A socket stays in the namespace that its thread was in: so a thread of its own goes there and ends.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(file);
                if (SetNamespace(handle.DangerousGetHandle().ToInt32(), CloneNewNet) != 0)
                    throw new InvalidOperationException($"{file} cannot be entered: error {Marshal.GetLastPInvokeError()}.");
                socket = make();
            }
            catch (Exception e)
            {
                fault = e;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException("No socket could be made.", fault);
    }

    private static Socket ListenHere(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(16);
        return socket;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int handle, int kind);
}
