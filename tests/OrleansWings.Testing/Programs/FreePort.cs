using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansWings.Testing.Programs;

/// <summary>
/// Ports for programs that a test starts. A port that was merely free a moment ago goes to another test, or to somebody's outgoing
/// connection, before the program listens on it; so these lie below those of outgoing connections, and each is one process's until it ends.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int Last = 24_999;

    // Every test project of this machine claims a port by locking the byte of that number. The system gives it back with the process.
    private static readonly FileStream s_claims = new("/var/tmp/orleanswings-test-ports", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
    private static readonly ConcurrentDictionary<int, bool> s_mine = new();

    /// <summary>A port of this machine that nobody listens on, and that nobody else is given while this process runs.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static int Find()
    {
        var count = Last - First + 1;
        var start = Random.Shared.Next(count);
        for (var i = 0; i < count; i++)
        {
            var port = First + ((start + i) % count);
            if (s_mine.TryAdd(port, true) && Claim(port) && IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"All ports from {First} to {Last} are taken.");
    }

    private static bool Claim(int port)
    {
        try
        {
            s_claims.Lock(port, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
