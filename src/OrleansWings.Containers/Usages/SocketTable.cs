namespace OrleansWings.Containers.Usages;

/// <summary>What a process's network has open: /proc/PID/net/tcp and its fellows, which are of its whole network namespace.</summary>
internal static class SocketTable
{
    private const string Established = "01";

    /// <summary>
    /// TCP connections from elsewhere that are open at some ports; null when that says nothing of who is connected: UDP is bound to one of them, which has no
    /// connections, or the files cannot be read.
    /// </summary>
    /// <param name="procRoot">Where the host's processes are seen.</param>
    /// <param name="processId">One process in that network.</param>
    /// <param name="ports">The ports.</param>
    public static int? CountConnections(string procRoot, int processId, IReadOnlySet<int> ports)
    {
        var net = Path.Combine(procRoot, $"{processId}", "net");
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

        // From the same machine in its own network it is a check of its health.
        bool IsOpen(Row row) => row.State == Established && HasPort(row) && !row.IsFromItself;
    }

    private static int Count(string net, string table, Func<Row, bool> which)
    {
        var file = Path.Combine(net, table);
        // A kernel without IPv6 has no such tables, and every one has the first.
        return table.EndsWith('6') && !File.Exists(file) ? 0 : File.ReadLines(file).Skip(1).Select(Row.Parse).Count(row => row is { } known && which(known));
    }

    // "  0: 0100007F:1F90 00000000:0000 0A …": both ends in the machine's order of bytes, and the state.
    private readonly record struct Row(int LocalPort, string State, bool IsFromItself)
    {
        private const string Loopback = "0100007F";
        private const string Loopback6 = "00000000000000000000000001000000";
        private const string Mapped = "0000000000000000FFFF0000";

        public static Row? Parse(string line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4 || words[1].Split(':') is not [_, var port] || words[2].Split(':') is not [var remote, _])
                return null;
            return new Row(Convert.ToInt32(port, 16), words[3], remote is Loopback or Loopback6 or Mapped + Loopback);
        }
    }
}
