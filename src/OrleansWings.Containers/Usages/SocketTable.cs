using System.Globalization;

namespace OrleansWings.Containers.Usages;

/// <summary>What a process's network has open: /proc/PID/net/tcp and its fellows, which are of its whole network namespace.</summary>
internal static class SocketTable
{
    private const string Established = "01";

    /// <summary>
    /// TCP connections from elsewhere that are open at some ports; null when that says nothing of who is connected: UDP is bound to one of them, which has no
    /// connections, there are no ports, or the files cannot be read.
    /// </summary>
    /// <param name="procRoot">Where the host's processes are seen.</param>
    /// <param name="processId">One process in that network.</param>
    /// <param name="ports">The ports.</param>
    public static int? CountConnections(string procRoot, int processId, IReadOnlySet<int> ports)
    {
        if (ports.Count == 0)
            return null;
        var net = Path.Combine(procRoot, $"{processId}", "net");
        // On the machine's own network a proxy for players comes by the loopback; in a network of its own that is a check of the game's health.
        var isShared = NetworkFile.IsMachines(procRoot, processId);
        try
        {
            var open = Count(net, "tcp", IsOpen) + Count(net, "tcp6", IsOpen);
            return open > 0 || Count(net, "udp", HasPort) + Count(net, "udp6", HasPort) == 0 ? open : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        bool HasPort(Row row) => ports.Contains(row.LocalPort);

        bool IsOpen(Row row) => row.State == Established && HasPort(row) && (isShared || row.Local != row.Remote);
    }

    private static int Count(string net, string table, Func<Row, bool> which)
    {
        var file = Path.Combine(net, table);
        // A kernel without IPv6 has no such tables, and every one has the first.
        return table.EndsWith('6') && !File.Exists(file) ? 0 : File.ReadLines(file).Select(Row.Parse).Count(row => row is { } known && which(known));
    }

    // "  0: 0100007F:1F90 00000000:0000 0A …": both ends in the machine's order of bytes, and the state. The first line is of words.
    private readonly record struct Row(string Local, int LocalPort, string Remote, string State)
    {
        public static Row? Parse(string line)
            => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, var remote, var state, ..]
                && local.Split(':') is [var address, var typed] && remote.Split(':') is [var other, _]
                && int.TryParse(typed, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port) ? new Row(address, port, other, state) : null;
    }
}
