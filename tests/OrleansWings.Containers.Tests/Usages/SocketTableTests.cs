using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Containers.Tests.Usages;

/// <summary>Who is connected, on files as kernels write them.</summary>
public sealed class SocketTableTests : IDisposable
{
    private const int ProcessId = 4711;
    private const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private const string Listening = "   0: 00000000:63DD 00000000:0000 0A 00000000:00000000 00:00000000 00000000   988        0 1 1 0 100 0 0 10 0\n";
    private const string Player = "   1: 0200FFAC:63DD 0100FFAC:D2A8 01 00000000:00000000 00:00000000 00000000   988        0 2 1 0 20 4 30 10 -1\n";
    private const string Leaving = "   2: 0200FFAC:63DD 0100FFAC:D2AA 06 00000000:00000000 00:00000000 00000000   988        0 2 1 0 20 4 30 10 -1\n";
    private const string Outwards = "   3: 0200FFAC:B1A4 08080808:01BB 01 00000000:00000000 00:00000000 00000000   988        0 2 1 0 20 4 30 10 -1\n";
    private const string Itself = "   4: 0100007F:63DD 0100007F:D2A8 01 00000000:00000000 00:00000000 00000000   988        0 2 1 0 20 4 30 10 -1\n";
    private const string Player6 = "   0: 0000000000000000FFFF00000200FFAC:63DD 0000000000000000FFFF00000100FFAC:9C40 01 00000000:00000000 00:00000000 00000000   988        0 3 1 0 20 4 30 10 -1\n";
    private const string Itself6 = "   1: 0000000000000000FFFF00000100007F:63DD 0000000000000000FFFF00000100007F:9C40 01 00000000:00000000 00:00000000 00000000   988        0 3 1 0 20 4 30 10 -1\n";
    private const string Bound = "  77: 00000000:63DD 00000000:0000 07 00000000:00000000 00:00000000 00000000   988        0 4 2 0 0\n";

    private readonly string _root = Directory.CreateTempSubdirectory("ow-net-").FullName;

    [Theory]
    [InlineData("", "", "", 0)]
    [InlineData(Listening, "", "", 0)]
    [InlineData(Listening + Player + Leaving + Outwards + Itself, "", "", 1)]
    [InlineData(Listening + Player, Player6 + Itself6, "", 2)]
    [InlineData(Listening, null, "", 0)] // a kernel without IPv6
    [InlineData(Listening, "", Bound, null)] // UDP: nobody knows
    [InlineData(Listening + Player, "", Bound, 1)] // UDP too, and somebody there for sure
    [InlineData("", "", "  78: 00000000:B1A4 08080808:0035 01 \n", 0)] // asks a name server
    public void Count_IsOfWhoIsConnectedFromElsewhere(string tcp, string? tcp6, string udp, int? expected)
    {
        Write("tcp", tcp);
        if (tcp6 is not null)
            Write("tcp6", tcp6);
        Write("udp", udp);

        Assert.Equal(expected, SocketTable.CountConnections(_root, ProcessId, new HashSet<int> { 25565 }));
    }

    [Theory]
    [InlineData(false, 0)] // a check of its health
    [InlineData(true, 1)] // a proxy for players on the same machine
    public void Count_OverTheLoopback_IsSomebodyOnTheMachinesOwnNetworkOnly(bool isShared, int expected)
    {
        Write("tcp", Listening + Itself);
        Write("udp", "");
        foreach (var (process, network) in new[] { ("1", "net:[1]"), ($"{ProcessId}", isShared ? "net:[1]" : "net:[2]") })
        {
            Directory.CreateDirectory(Path.Combine(_root, process, "ns"));
            File.CreateSymbolicLink(Path.Combine(_root, process, "ns/net"), network);
        }

        Assert.Equal(expected, SocketTable.CountConnections(_root, ProcessId, new HashSet<int> { 25565 }));
    }

    [Fact]
    public void Count_NoPortsOrNoSuchProcess_IsUnknown()
    {
        Assert.Null(SocketTable.CountConnections(_root, ProcessId, new HashSet<int> { 25565 }));
        Write("tcp", Listening + "  garbage\n  1: zz:zz 1:1 01\n");
        Write("udp", "");
        Assert.Null(SocketTable.CountConnections(_root, ProcessId, new HashSet<int>()));
        Assert.Equal(0, SocketTable.CountConnections(_root, ProcessId, new HashSet<int> { 25565 }));
    }

    [Fact]
    public void Count_ProcessThatIsNotKnownToBeTheContainers_IsUnknown()
    {
        Write("tcp", Listening + Player);
        Write("udp", "");
        Assert.Null(new CgroupUsageReader(procRoot: _root).CountConnections(new ContainerId(new string('a', 64)), ProcessId, new HashSet<int> { 25565 }));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string table, string rows)
    {
        var folder = Path.Combine(_root, $"{ProcessId}", "net");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, table), Header + rows);
    }
}
