using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using OrleansWings.Certificates;
using OrleansWings.Client.Settings;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Silo.Hosting;
using StackExchange.Redis;

namespace OrleansWings.Settings;

/// <summary>What makes a process one of a fleet: WINGS_REDIS and what goes with it.</summary>
internal sealed record FleetSettings
{
    /// <summary>WINGS_REDIS with the password of WINGS_REDIS_PASSWORD_FILE. The cluster's store.</summary>
    public required ConfigurationOptions Redis { get; init; }

    /// <summary>WINGS_CLUSTER. The fleet's name, the same for all its processes and panel code. Default: orleans-wings.</summary>
    public required string ClusterId { get; init; }

    /// <summary>WINGS_ADDRESS. Where the other silos reach this machine. Default: the address from which this machine reaches Redis.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Finds <see cref="Address"/> anew when it is a guess; null when it is none.</summary>
    public Func<IPAddress?>? FindAddress { get; init; }

    /// <summary>WINGS_SILO_PORT. Where silos call. Default: 11111.</summary>
    public int SiloPort { get; init; }

    /// <summary>WINGS_GATEWAY_PORT. Where panel code calls a control silo. Default: 30000.</summary>
    public int GatewayPort { get; init; }

    public static FleetSettings? Read(SettingSource source, WingsRole role, bool allowsPlain, bool hasCertificates)
    {
        if (source.Get(SettingNames.Redis) is not { } typed)
        {
            if (role != WingsRole.All)
                source.Fault(SettingNames.Role, $"'{role.ToString().ToLowerInvariant()}' is a part of a fleet and needs {SettingNames.Redis}, for example redis://10.0.0.5:6379.");
            return null;
        }

        var redis = ReadRedis(source, typed);
        var (address, findAddress) = ReadAddress(source, redis);
        if (!allowsPlain)
            CheckPlain(source, redis, hasCertificates);
        return new FleetSettings
        {
            Redis = redis,
            ClusterId = ReadClusterId(source),
            Address = address,
            FindAddress = findAddress,
            SiloPort = ReadPort(source, SettingNames.SiloPort, FleetOptions.DefaultSiloPort),
            GatewayPort = ReadPort(source, SettingNames.GatewayPort, FleetOptions.DefaultGatewayPort),
        };
    }

    public FleetOptions ToOptions(Guid machineKey, FleetCertificates? certificates) => new()
    {
        Redis = RedisAddress.Trust(Redis, certificates),
        Certificates = certificates,
        ClusterId = ClusterId,
        Address = Address,
        FindAddress = FindAddress,
        SiloPort = SiloPort,
        GatewayPort = GatewayPort,
        MachineKey = machineKey,
    };

    /// <summary>What another machine has to know to join: the store's address and no secret.</summary>
    public FleetEntrance ToEntrance(bool hasCertificates)
    {
        var (host, port) = Redis.EndPoints[0] is DnsEndPoint name ? (name.Host, name.Port) : (((IPEndPoint)Redis.EndPoints[0]).Address.ToString(), ((IPEndPoint)Redis.EndPoints[0]).Port);
        var user = Redis.User is { Length: > 0 } known ? Uri.EscapeDataString(known) + "@" : "";
        var database = Redis.DefaultDatabase is { } number ? $"/{number}" : "";
        return new FleetEntrance(
            $"{(Redis.Ssl ? "rediss" : "redis")}://{user}{(host.Contains(':') ? $"[{host}]" : host)}:{port}{database}",
            HasPassword: Redis.Password is not null,
            hasCertificates,
            ClusterId == WingsNames.ServiceId ? null : ClusterId,
            IsLocal: RedisAddress.IsLocal(Redis));
    }

    private static ConfigurationOptions ReadRedis(SettingSource source, string typed)
    {
        var options = RedisAddress.Read(typed, out var fault);
        if (fault is not null)
            source.Fault(SettingNames.Redis, fault);
        if (options.EndPoints.Count > 0)
            ReadPasswordFile(source, options);
        return options;
    }

    // A silo's port is root on every host to whoever can call it, and Redis holds what silos believe.
    private static void CheckPlain(SettingSource source, ConfigurationOptions redis, bool hasCertificates)
    {
        if (redis is { Ssl: false, EndPoints: [_] } && !RedisAddress.IsLocal(redis))
            source.Fault(SettingNames.Redis, $"it is reached over the network without TLS. Use rediss://, or allow it with {SettingNames.AllowPlainCluster}=true in a network that nobody else is in.");
        if (!hasCertificates)
            source.Fault(SettingNames.Certificates, $"it is missing: silos would take orders from whoever reaches their port. Make them with 'orleans-wings certificates', or allow it with {SettingNames.AllowPlainCluster}=true in a network that nobody else is in.");
    }

    private static void ReadPasswordFile(SettingSource source, ConfigurationOptions options)
    {
        const string name = SettingNames.RedisPasswordFile;
        if (source.Get(name) is not { } file)
            return;
        if (options.Password is not null)
            source.Fault(name, $"{SettingNames.Redis} has a password already. Use one of the two.");
        options.Password = SecretFile.Read(source, name);
        if (options.Password is "")
            source.Fault(name, $"'{file}' is empty.");
    }

    private static string ReadClusterId(SettingSource source)
    {
        var typed = source.Get(SettingNames.Cluster) ?? WingsNames.ServiceId;
        if (typed.Length > 40 || !typed.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
            source.Fault(SettingNames.Cluster, $"'{typed}' is not a cluster's name. Use 1 to 40 of a-z, 0-9 and '-'.");
        return typed;
    }

    private static int ReadPort(SettingSource source, string name, int otherwise)
    {
        if (source.Get(name) is not { } typed)
            return otherwise;
        if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65_535)
            return port;
        source.Fault(name, $"'{typed}' is not a port. Use 1 to 65535.");
        return otherwise;
    }

    private static (IPAddress Address, Func<IPAddress?>? Find) ReadAddress(SettingSource source, ConfigurationOptions redis)
    {
        if (source.Get(SettingNames.Address) is { } typed)
        {
            if (IPAddress.TryParse(typed, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
                return (address, null);
            source.Fault(SettingNames.Address, $"'{typed}' is not an address that other machines can reach. Write this machine's own, for example 10.0.0.7.");
        }

        // A fault was found before: nothing is to be said about an address that was never asked for.
        if (redis.EndPoints is not [var store])
            return (IPAddress.Loopback, null);
        // After a power cut this machine may be up before its network and its name server: its games do not wait for them.
        return FindWayTo(store) is { } own ? (own, null) : (FindAny(), () => FindWayTo(store));
    }

    // A datagram socket that is connected sends nothing, and knows from which address it would.
    private static IPAddress? FindWayTo(EndPoint store)
    {
        try
        {
            var target = store is DnsEndPoint name ? new IPEndPoint(Dns.GetHostAddresses(name.Host)[0], name.Port) : (IPEndPoint)store;
            using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(target);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static IPAddress FindAny()
        => NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;
}
