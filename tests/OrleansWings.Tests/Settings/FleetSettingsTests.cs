using System.Collections.Immutable;
using System.Net;
using OrleansWings.Settings;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Tests.Settings;

/// <summary>What makes a process one of a fleet.</summary>
public sealed class FleetSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NoRedis_IsNoFleet() => Assert.Null(Read().Options!.Fleet);

    [Theory]
    [InlineData("host", WingsRole.Host, "http://127.0.0.1:8081")]
    [InlineData("control", WingsRole.Control, "http://127.0.0.1:8080")]
    [InlineData("all", WingsRole.All, "http://127.0.0.1:8080")]
    internal void Read_RedisOnThisMachine_NeedsNothingElse(string role, WingsRole expected, string url)
    {
        var options = Read(("WINGS_ROLE", role), ("WINGS_REDIS", "redis://127.0.0.1"), ("WINGS_CERTIFICATES", "/certificates")).Options!;

        Assert.Equal(expected, options.Role);
        Assert.Equal(url, options.Urls.Single().ToString());
        var fleet = options.Fleet!;
        Assert.Equal(IPAddress.Loopback, fleet.Address);
        Assert.Equal((11_111, 30_000, "orleans-wings"), (fleet.SiloPort, fleet.GatewayPort, fleet.ClusterId));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 6_379), Assert.Single(fleet.Redis.EndPoints));
        Assert.False(fleet.Redis.Ssl);
        Assert.Null(fleet.Redis.Password);
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var fleet = Read(
            ("WINGS_REDIS", "rediss://wings@127.0.0.1:7000/3"), ("WINGS_REDIS_PASSWORD_FILE", _folder.Write("password", "p@ss:word\n")), ("WINGS_CLUSTER", "night"),
            ("WINGS_CERTIFICATES", "/certificates"), ("WINGS_ADDRESS", "127.0.0.2"), ("WINGS_SILO_PORT", "12000"), ("WINGS_GATEWAY_PORT", "12001")).Options!.Fleet!;

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7_000), Assert.Single(fleet.Redis.EndPoints));
        Assert.Equal(("wings", "p@ss:word", 3, true), (fleet.Redis.User, fleet.Redis.Password, fleet.Redis.DefaultDatabase, fleet.Redis.Ssl));
        Assert.Equal((IPAddress.Parse("127.0.0.2"), 12_000, 12_001, "night"), (fleet.Address, fleet.SiloPort, fleet.GatewayPort, fleet.ClusterId));
    }

    [Theory]
    [InlineData("redis://:secret@127.0.0.1", "redis://127.0.0.1:6379", true, true)]
    [InlineData("rediss://us%20er:secret@10.0.0.2:7000/3", "rediss://us%20er@10.0.0.2:7000/3", true, false)]
    [InlineData("rediss://[fd00::2]", "rediss://[fd00::2]:6379", false, false)]
    [InlineData("rediss://store.example", "rediss://store.example:6379", false, false)]
    internal void ToEntrance_HasTheAddressAndNoSecret(string typed, string expected, bool hasPassword, bool isLocal)
    {
        var fleet = Read(("WINGS_REDIS", typed), ("WINGS_CERTIFICATES", "/certificates"), ("WINGS_ADDRESS", "10.0.0.7")).Options!.Fleet!;

        Assert.Equal(new(expected, hasPassword, HasCertificates: true, Cluster: null, isLocal), fleet.ToEntrance(hasCertificates: true));
    }

    [Fact]
    public void ToEntrance_AnotherClusterOfTheStore_IsNamed()
        => Assert.Equal("night", Read(("WINGS_REDIS", "redis://127.0.0.1"), ("WINGS_CERTIFICATES", "/certificates"), ("WINGS_CLUSTER", "night")).Options!.Fleet!.ToEntrance(false).Cluster);

    [Fact]
    public void Read_PasswordInTheAddress_IsUnescaped()
        => Assert.Equal("p@ss", Read(("WINGS_REDIS", "redis://:p%40ss@127.0.0.1"), ("WINGS_CERTIFICATES", "/certificates")).Options!.Fleet!.Redis.Password);

    [Theory]
    [InlineData("WINGS_REDIS", "127.0.0.1:6379", "WINGS_REDIS: it is not the address of a Redis. Write redis://host:6379, or rediss://host:6379 for TLS.")]
    [InlineData("WINGS_REDIS", "http://127.0.0.1", "WINGS_REDIS: it is not the address of a Redis. Write redis://host:6379, or rediss://host:6379 for TLS.")]
    [InlineData("WINGS_REDIS", "redis://127.0.0.1/games", "WINGS_REDIS: 'games' is not a database's number. Write redis://host:6379/0, or leave it out.")]
    [InlineData("WINGS_REDIS_PASSWORD_FILE", "/nowhere", "WINGS_REDIS_PASSWORD_FILE: '/nowhere' cannot be read: Could not find file '/nowhere'.")]
    [InlineData("WINGS_CLUSTER", "Night Shift", "WINGS_CLUSTER: 'Night Shift' is not a cluster's name. Use 1 to 40 of a-z, 0-9 and '-'.")]
    [InlineData("WINGS_SILO_PORT", "0", "WINGS_SILO_PORT: '0' is not a port. Use 1 to 65535.")]
    [InlineData("WINGS_GATEWAY_PORT", "many", "WINGS_GATEWAY_PORT: 'many' is not a port. Use 1 to 65535.")]
    [InlineData("WINGS_ADDRESS", "0.0.0.0", "WINGS_ADDRESS: '0.0.0.0' is not an address that other machines can reach. Write this machine's own, for example 10.0.0.7.")]
    public void Read_OneFault_SaysIt(string name, string value, string message)
        => Assert.Equal(message, Assert.Single(Read(("WINGS_REDIS", "redis://127.0.0.1"), ("WINGS_CERTIFICATES", "/certificates"), (name, value)).Faults));

    [Fact]
    public void Read_InTheClear_IsRefusedUnlessAllowed()
    {
        var faults = Read(("WINGS_REDIS", "redis://192.0.2.5")).Faults;

        Assert.Collection(faults,
            fault => Assert.StartsWith("WINGS_REDIS: it is reached over the network without TLS.", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("WINGS_CERTIFICATES: it is missing: silos would take orders from whoever reaches their port.", fault, StringComparison.Ordinal));
        Assert.Empty(Read(("WINGS_REDIS", "redis://192.0.2.5"), ("WINGS_ALLOW_PLAIN_CLUSTER", "true")).Faults);
    }

    [Theory]
    [InlineData("redis://127.0.0.1", null, false)]
    [InlineData("redis://store.invalid", null, true)]
    [InlineData("redis://store.invalid", "127.0.0.2", false)]
    public void Read_NoWayToTheStoreAtTheStart_TheAddressIsAGuess(string redis, string? address, bool isGuess)
    {
        (string, string)[] settings = [("WINGS_REDIS", redis), ("WINGS_ALLOW_PLAIN_CLUSTER", "true")];
        var fleet = Read(address is null ? settings : [.. settings, ("WINGS_ADDRESS", address)]).Options!.Fleet!.ToOptions(Guid.Empty, null);

        Assert.Equal(isGuess, fleet.FindAddress is not null);
        Assert.Null(fleet.FindAddress?.Invoke());
    }

    [Fact]
    public void Read_Fault_NeverRepeatsThePassword()
        => Assert.DoesNotContain(Read(("WINGS_REDIS", "tcp://:hunter2@127.0.0.1")).Faults, fault => fault.Contains("hunter2", StringComparison.Ordinal));

    private static (WingsOptions? Options, IReadOnlyList<string> Faults) Read(params (string Name, string Value)[] settings)
    {
        var machine = new WingsMachine
        {
            MachineName = "build",
            IsRoot = true,
            HomeFolder = "/root",
            Environment = settings.GroupBy(setting => setting.Name).ToImmutableDictionary(group => group.Key, group => group.Last().Value),
        };
        WingsOptionsReader.TryRead(machine, out var options, out var faults);
        return (options, faults);
    }
}
