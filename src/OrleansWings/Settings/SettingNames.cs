namespace OrleansWings.Settings;

/// <summary>Every setting's name, as the user types it. silo-config/README.md lists the same, and a test compares them.</summary>
internal static class SettingNames
{
    public const string Prefix = "WINGS_";

    // test.sh speaks to the tests by these; they pass through to programs that the tests start.
    public const string TestPrefix = "WINGS_TEST_";

    public const string Config = "WINGS_CONFIG";
    public const string Role = "WINGS_ROLE";
    public const string Urls = "WINGS_URLS";
    public const string AllowPlainHttp = "WINGS_ALLOW_PLAIN_HTTP";
    public const string TlsCertificate = "WINGS_TLS_CERTIFICATE";
    public const string TlsKey = "WINGS_TLS_KEY";
    public const string Hosts = "WINGS_HOSTS";
    public const string Proxies = "WINGS_PROXIES";
    public const string PublicAddress = "WINGS_PUBLIC_ADDRESS";
    public const string Data = "WINGS_DATA";
    public const string Host = "WINGS_HOST";
    public const string Certificates = "WINGS_CERTIFICATES";
    public const string Engine = "WINGS_ENGINE";
    public const string Redis = "WINGS_REDIS";
    public const string RedisPasswordFile = "WINGS_REDIS_PASSWORD_FILE";
    public const string Cluster = "WINGS_CLUSTER";
    public const string Address = "WINGS_ADDRESS";
    public const string SiloPort = "WINGS_SILO_PORT";
    public const string GatewayPort = "WINGS_GATEWAY_PORT";
    public const string AllowPlainCluster = "WINGS_ALLOW_PLAIN_CLUSTER";
    public const string AdminPasswordFile = "WINGS_ADMIN_PASSWORD_FILE";
    public const string ContainerUser = "WINGS_CONTAINER_USER";
    public const string RootlessUser = "WINGS_ROOTLESS_USER";
    public const string Network = "WINGS_NETWORK";
    public const string NetworkSubnets = "WINGS_NETWORK_SUBNETS";
    public const string NetworkMtu = "WINGS_NETWORK_MTU";
    public const string AllowHostNetwork = "WINGS_ALLOW_HOST_NETWORK";
    public const string Dns = "WINGS_DNS";
    public const string Domain = "WINGS_DOMAIN";
    public const string TmpfsMiB = "WINGS_TMPFS_MIB";
    public const string LogDriver = "WINGS_LOG_DRIVER";
    public const string LogOptions = "WINGS_LOG_OPTIONS";
    public const string Userns = "WINGS_USERNS";
    public const string Init = "WINGS_INIT";
    public const string MachineId = "WINGS_MACHINE_ID";
    public const string Passwd = "WINGS_PASSWD";
    public const string Mounts = "WINGS_MOUNTS";
    public const string RegistriesFile = "WINGS_REGISTRIES_FILE";
    public const string ConsoleThrottleLines = "WINGS_CONSOLE_THROTTLE_LINES";
    public const string ConsoleThrottlePeriod = "WINGS_CONSOLE_THROTTLE_PERIOD_MS";
    public const string StartsAtOnce = "WINGS_STARTS_AT_ONCE";
    public const string LogLevel = "WINGS_LOG_LEVEL";
    public const string Demo = "WINGS_DEMO";
    public const string DemoImage = "WINGS_DEMO_IMAGE";

    public static IReadOnlyList<string> All { get; } =
    [
        Role, Urls, AllowPlainHttp, TlsCertificate, TlsKey, Hosts, Proxies, PublicAddress, Data, Host, Engine,
        Certificates, Redis, RedisPasswordFile, Cluster, Address, SiloPort, GatewayPort, AllowPlainCluster,
        ContainerUser, RootlessUser, Network, NetworkSubnets, NetworkMtu, AllowHostNetwork, Dns, Domain, TmpfsMiB, LogDriver, LogOptions, Userns, Init, MachineId, Passwd, Mounts, RegistriesFile,
        ConsoleThrottleLines, ConsoleThrottlePeriod, StartsAtOnce, AdminPasswordFile, LogLevel, Demo, DemoImage, Config,
    ];

    /// <summary>The setting that was probably meant; null when nothing is near.</summary>
    public static string? Nearest(string typed)
    {
        var (name, distance) = All.Select(name => (name, Distance(typed.ToUpperInvariant(), name))).MinBy(pair => pair.Item2);
        return distance <= 2 ? name : null;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
