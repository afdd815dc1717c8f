using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Images;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Settings;

/// <summary>How this machine runs its containers: users, network, log, mounts. Of a control process, which runs none, they are checked too.</summary>
internal static partial class ContainerSettings
{
    public static DockerHostOptions Read(SettingSource source)
    {
        var own = DockerHostOptions.DefaultUser;
        var user = ReadUser(source, SettingNames.ContainerUser) ?? own;
        if (user != own && !Environment.IsPrivilegedProcess)
            source.Fault(SettingNames.ContainerUser, $"'{user.User}:{user.Group}' is not the user as whom this program runs ({own.User}:{own.Group}), and only root can give files to another.");
        return new DockerHostOptions
        {
            UserId = user.User,
            GroupId = user.Group,
            Rootless = ReadUser(source, SettingNames.RootlessUser),
            Network = ReadNetwork(source),
            Subnets = ReadSubnets(source),
            NetworkMtu = ReadNumber(source, SettingNames.NetworkMtu, 1_500, 576, 65_535),
            Dns = ReadDns(source),
            DomainName = ReadDomain(source),
            TmpfsMiB = ReadNumber(source, SettingNames.TmpfsMiB, 100, 1, 1_048_576),
            LogDriver = ReadWord(source, SettingNames.LogDriver, LogDefaults.Driver, "local"),
            LogOptions = ReadLogOptions(source),
            UsernsMode = ReadUserns(source),
            HasInit = WingsOptionsReader.ReadBool(source, SettingNames.Init),
            HasMachineId = WingsOptionsReader.ReadBool(source, SettingNames.MachineId, otherwise: true),
            HasUserFiles = WingsOptionsReader.ReadBool(source, SettingNames.Passwd),
            AllowedMounts = ReadMounts(source),
            RegistriesFile = ReadRegistries(source),
            StartsAtOnce = ReadNumber(source, SettingNames.StartsAtOnce, StartGate.DefaultAtOnce, 1, 1_000),
        };
    }

    /// <summary>How much of what games say is kept and shown.</summary>
    public static ConsoleOptions ReadConsoles(SettingSource source) => new()
    {
        ThrottleLines = ReadNumber(source, SettingNames.ConsoleThrottleLines, 2_000, 0, 1_000_000),
        ThrottlePeriod = TimeSpan.FromMilliseconds(ReadNumber(source, SettingNames.ConsoleThrottlePeriod, 100, 10, 60_000)),
    };

    private static (int User, int Group)? ReadUser(SettingSource source, string name)
    {
        if (source.Get(name) is not { } typed)
            return null;
        if (typed.Split(':') is [var user, var group] && IsId(user, out var uid) && IsId(group, out var gid))
            return (uid, gid);
        source.Fault(name, $"'{typed}' is not a user id and a group id. Write both as numbers, for example 988:988.");
        return null;

        static bool IsId(string text, out int id) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    private static string ReadNetwork(SettingSource source)
    {
        var name = ReadWord(source, SettingNames.Network, "orleanswings0", "orleanswings0");
        if (name == "host" && !WingsOptionsReader.ReadBool(source, SettingNames.AllowHostNetwork))
            source.Fault(SettingNames.Network, $"'host' lets every game reach what listens on this machine's loopback, this program's own ports too. {SettingNames.AllowHostNetwork}=true allows it.");
        if (name is "bridge" or "default")
            source.Fault(SettingNames.Network, $"'{name}' is the engine's own network, which other containers share. Name one of the servers' own, for example orleanswings0.");
        return name;
    }

    private static List<IPNetwork> ReadSubnets(SettingSource source)
    {
        var subnets = new List<IPNetwork>();
        foreach (var text in Split(source.Get(SettingNames.NetworkSubnets)))
        {
            if (!IPNetwork.TryParse(text, out var subnet) || subnet.PrefixLength > subnet.BaseAddress.GetAddressBytes().Length * 8 - 2)
                source.Fault(SettingNames.NetworkSubnets, $"'{text}' is not a network with room for servers. Write 172.30.0.0/16, or with IPv6 172.30.0.0/16;fd00:30::/64.");
            else if (subnets.Any(other => other.BaseAddress.AddressFamily == subnet.BaseAddress.AddressFamily))
                source.Fault(SettingNames.NetworkSubnets, $"'{text}' is a second one of its kind. Write one of IPv4 and at most one of IPv6.");
            else
                subnets.Add(subnet);
        }

        if (subnets.Count > 0 && subnets.All(subnet => subnet.BaseAddress.AddressFamily != AddressFamily.InterNetwork))
            source.Fault(SettingNames.NetworkSubnets, $"'{source.Get(SettingNames.NetworkSubnets)}' has none of IPv4, which every engine's bridge needs.");
        return subnets;
    }

    private static List<IPAddress> ReadDns(SettingSource source)
    {
        var servers = new List<IPAddress>();
        foreach (var text in Split(source.Get(SettingNames.Dns)))
        {
            if (IPAddress.TryParse(text, out var address) && (address.ToString() == text || text.Contains(':')))
                servers.Add(address);
            else
                source.Fault(SettingNames.Dns, $"'{text}' is not an address of a name server. Write 1.1.1.1;1.0.0.1.");
        }

        return servers;
    }

    private static string ReadDomain(SettingSource source)
    {
        var typed = source.Get(SettingNames.Domain);
        if (typed is not null && (typed.Length > 190 || Uri.CheckHostName(typed) != UriHostNameType.Dns))
            source.Fault(SettingNames.Domain, $"'{typed}' is not a domain name. Write games.example.");
        return typed ?? "";
    }

    private static string ReadUserns(SettingSource source)
    {
        var typed = source.Get(SettingNames.Userns);
        if (typed is not (null or "host"))
            source.Fault(SettingNames.Userns, $"'{typed}' is no mode of user namespaces. Write host to switch remapping off, or leave it out.");
        return typed ?? "";
    }

    private static IReadOnlyDictionary<string, string> ReadLogOptions(SettingSource source)
    {
        if (source.Get(SettingNames.LogOptions) is not { } typed)
            return LogDefaults.Options;
        var options = new Dictionary<string, string>();
        foreach (var text in Split(typed))
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } value])
                source.Fault(SettingNames.LogOptions, $"'{text}' is not an option with a value. Write max-size=16m;max-file=2.");
            else if (!options.TryAdd(name.Trim(), value.Trim()))
                source.Fault(SettingNames.LogOptions, $"'{name.Trim()}' is there twice.");
        }

        return options;
    }

    private static List<string> ReadMounts(SettingSource source)
    {
        var folders = new List<string>();
        foreach (var text in Split(source.Get(SettingNames.Mounts)))
        {
            if (!text.StartsWith('/') || text.Contains('\0') || text.Contains(':') || text.Split('/').Any(part => part is "." or ".."))
                source.Fault(SettingNames.Mounts, $"'{text}' is not an absolute path without '..' and ':', for example /srv/maps.");
            else if (text.All(c => c == '/'))
                source.Fault(SettingNames.Mounts, $"'{text}' is this whole machine: a server that mounts it has everything. Name a folder.");
            else
                folders.Add(Path.TrimEndingDirectorySeparator(text));
        }

        return folders;
    }

    // Only looked at here: the host reads it again whenever it has changed.
    private static string? ReadRegistries(SettingSource source)
    {
        if (SecretFile.Read(source, SettingNames.RegistriesFile) is not { } text)
            return null;
        var path = source.Get(SettingNames.RegistriesFile)!;
        foreach (var fault in RegistryFile.Parse(text).Faults)
            source.Fault(SettingNames.RegistriesFile, $"'{path}': {fault}");
        return Path.GetFullPath(path);
    }

    private static string ReadWord(SettingSource source, string name, string otherwise, string example)
    {
        var typed = source.Get(name);
        if (typed is not null && !Word().IsMatch(typed))
            source.Fault(name, $"'{typed}' is not a name that the engine takes. Use up to 60 of a-z, A-Z, 0-9, '.', '_' and '-', for example {example}.");
        return typed ?? otherwise;
    }

    private static int ReadNumber(SettingSource source, string name, int otherwise, int least, int most)
    {
        if (source.Get(name) is not { } typed)
            return otherwise;
        if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        source.Fault(name, string.Create(CultureInfo.InvariantCulture, $"'{typed}' is not a number from {least} to {most}."));
        return otherwise;
    }

    private static string[] Split(string? typed) => typed?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
    private static partial Regex Word();
}
