using System.Net;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Testing.Networks;

/// <summary>A machine of the tests: a network namespace with an address of its own in a <see cref="MachineNetwork"/>. Programs are run in it with nsenter.</summary>
public sealed class Machine
{
    private readonly string _switch;
    private readonly string _port;

    internal Machine(string name, IPAddress address, string switchNamespace, string port)
        => (Name, Address, _switch, _port) = (name, address, switchNamespace, port);

    /// <summary>The namespace's name, as "ip netns" has it.</summary>
    public string Name { get; }

    /// <summary>Where the other machines reach it.</summary>
    public IPAddress Address { get; }

    /// <summary>The namespace's file.</summary>
    public string Namespace => $"/run/netns/{Name}";

    /// <summary>The cable is pulled at the switch: it reaches nobody and nobody reaches it, and no connection ends for it.</summary>
    public Task CutAsync() => Command.RunAsync("ip", "-n", _switch, "link", "set", _port, "down");

    /// <summary>The cable is put back.</summary>
    public Task JoinAsync() => Command.RunAsync("ip", "-n", _switch, "link", "set", _port, "up");

    /// <summary>From here on packets to and from a port of these machines vanish without a word, in whatever direction a connection was made.</summary>
    public Task DropAsync(int port, params Machine[] others) => FilterAsync("-I", port, others);

    /// <summary>The end of <see cref="DropAsync"/>, said with the same words.</summary>
    public Task PassAsync(int port, params Machine[] others) => FilterAsync("-D", port, others);

    /// <summary>Whatever was done to it is undone.</summary>
    public async Task HealAsync()
    {
        await JoinAsync();
        await Command.RunAsync("nsenter", $"--net={Namespace}", "sh", "-ec", "iptables -w -F INPUT; iptables -w -F OUTPUT");
    }

    private async Task FilterAsync(string change, int port, Machine[] others)
    {
        var rules =
            from other in others
            from way in (string[])[$"INPUT -s {other.Address}", $"OUTPUT -d {other.Address}"]
            from end in (string[])["--sport", "--dport"]
            select $"iptables -w {change} {way} -p tcp {end} {port} -j DROP";
        await Command.RunAsync("nsenter", $"--net={Namespace}", "sh", "-ec", string.Join('\n', rules));
    }
}
