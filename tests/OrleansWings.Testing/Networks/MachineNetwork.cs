using System.Diagnostics;
using System.Net;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;
using Xunit;

namespace OrleansWings.Testing.Networks;

/// <summary>
/// A switch and the machines at it, all in network namespaces of this run: nothing of it touches this machine's own network. Needs
/// root and "ip netns" (iproute2), as private engines do.
/// </summary>
public sealed class MachineNetwork : IAsyncDisposable
{
    private readonly List<string> _namespaces = [];
    private readonly string _mark;
    private readonly string _switch;
    private int _count;

    private MachineNetwork(string mark) => (_mark, _switch) = (mark, RealEngine.NameOfOwn(mark + "sw"));

    /// <summary>Skips a test where no network can be made.</summary>
    public static void Require()
        => Assert.SkipUnless(Environment.IsPrivilegedProcess, "The machines of this test are network namespaces, which only root may make.");

    /// <summary>A switch without machines.</summary>
    /// <param name="mark">A letter or two for the names of one that may be there beside another; its machines may have the same names. Default: none.</param>
    public static async Task<MachineNetwork> StartAsync(string mark = "")
    {
        var network = new MachineNetwork(mark);
        try
        {
            await network.MakeNamespaceAsync(network._switch);
            await Command.RunAsync("ip", "-n", network._switch, "link", "add", "br0", "type", "bridge");
            await Command.RunAsync("ip", "-n", network._switch, "link", "set", "br0", "up");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new machine with nothing on it.</summary>
    /// <param name="name">At most 4 letters and digits.</param>
    public async Task<Machine> AddAsync(string name)
    {
        var full = RealEngine.NameOfOwn(_mark + name);
        await MakeNamespaceAsync(full);
        await Command.RunAsync("ip", "-n", full, "link", "set", "lo", "up");
        return await PlugAsync(name, full);
    }

    /// <summary>Plugs a private engine's namespace in: the machine of a Docker host.</summary>
    /// <param name="name">At most 4 letters and digits.</param>
    /// <param name="engine">The engine's name, which is its namespace's too.</param>
    public async Task<Machine> PlugAsync(string name, string engine)
    {
        var address = new IPAddress([10, 99, 0, (byte)Interlocked.Increment(ref _count)]);
        await Command.RunAsync("ip", "-n", _switch, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", engine);
        await Command.RunAsync("ip", "-n", _switch, "link", "set", name, "master", "br0", "up");
        await Command.RunAsync("ip", "-n", engine, "address", "add", $"{address}/24", "dev", "eth0");
        await Command.RunAsync("ip", "-n", engine, "link", "set", "eth0", "up");
        return new Machine(engine, address, _switch, name);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _namespaces)
            await Command.TryAsync(new ProcessStartInfo("ip", ["netns", "del", name]));
    }

    // One that a broken run left has the same name.
    private async Task MakeNamespaceAsync(string name)
    {
        await Command.TryAsync(new ProcessStartInfo("ip", ["netns", "del", name]));
        await Command.RunAsync("ip", "netns", "add", name);
        _namespaces.Add(name);
    }
}
