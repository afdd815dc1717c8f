using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Settings;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Tests.Settings;

public sealed class ContainerSettingsTests
{
    [Fact]
    public void Read_NothingSet_GivesTheSeedsDefaults()
    {
        var options = Read();

        Assert.Equal((100, "local", "orleanswings0", 1_500, ""), (options.TmpfsMiB, options.LogDriver, options.Network, options.NetworkMtu, options.DomainName));
        Assert.Same(LogDefaults.Options, options.LogOptions);
        Assert.Equal(("", false, null, StartGate.DefaultAtOnce), (options.UsernsMode, options.HasInit, options.Rootless, options.StartsAtOnce));
        Assert.Empty(options.Dns);
        Assert.Empty(options.Subnets);
        Assert.Empty(options.AllowedMounts);
    }

    [Fact]
    public void Read_EverythingSet_GivesIt()
    {
        var own = DockerHostOptions.DefaultUser;
        var options = Read(
            ("WINGS_CONTAINER_USER", $"{own.User}:{own.Group}"), ("WINGS_ROOTLESS_USER", "0:0"), ("WINGS_NETWORK", "games0"),
            ("WINGS_NETWORK_SUBNETS", "172.30.0.0/16; fd00:30::/64"), ("WINGS_NETWORK_MTU", "1400"), ("WINGS_DNS", "1.1.1.1;2606:4700::1111"), ("WINGS_DOMAIN", "games.example"),
            ("WINGS_TMPFS_MIB", "64"), ("WINGS_LOG_DRIVER", "json-file"), ("WINGS_LOG_OPTIONS", "max-size=5m; max-file=1"), ("WINGS_USERNS", "host"), ("WINGS_INIT", "true"),
            ("WINGS_MOUNTS", "/srv/maps/; /srv/ab"), ("WINGS_STARTS_AT_ONCE", "3"));

        Assert.Equal((own.User, own.Group, (0, 0)), (options.UserId, options.GroupId, options.Rootless!.Value));
        Assert.Equal(["172.30.0.0/16", "fd00:30::/64"], options.Subnets.Select(subnet => subnet.ToString()));
        Assert.Equal(["1.1.1.1", "2606:4700::1111"], options.Dns.Select(server => server.ToString()));
        Assert.Equal(("games0", 1_400, "games.example", 64, "json-file", "host", true, 3),
            (options.Network, options.NetworkMtu, options.DomainName, options.TmpfsMiB, options.LogDriver, options.UsernsMode, options.HasInit, options.StartsAtOnce));
        Assert.Equal(new Dictionary<string, string> { ["max-size"] = "5m", ["max-file"] = "1" }, options.LogOptions);
        Assert.Equal(["/srv/maps", "/srv/ab"], options.AllowedMounts);
    }

    [Theory]
    [InlineData("WINGS_CONTAINER_USER", "games", "'games' is not a user id and a group id. Write both as numbers, for example 988:988.")]
    [InlineData("WINGS_ROOTLESS_USER", "0", "'0' is not a user id and a group id. Write both as numbers, for example 988:988.")]
    [InlineData("WINGS_ROOTLESS_USER", "-1:0", "'-1:0' is not a user id and a group id. Write both as numbers, for example 988:988.")]
    [InlineData("WINGS_ROOTLESS_USER", "1:99999999999", "'1:99999999999' is not a user id and a group id. Write both as numbers, for example 988:988.")]
    [InlineData("WINGS_NETWORK", "my net", "'my net' is not a name that the engine takes. Use up to 60 of a-z, A-Z, 0-9, '.', '_' and '-', for example orleanswings0.")]
    [InlineData("WINGS_NETWORK", "bridge", "'bridge' is the engine's own network, which other containers share. Name one of the servers' own, for example orleanswings0.")]
    [InlineData("WINGS_NETWORK", "host", "'host' lets every game reach what listens on this machine's loopback, this program's own ports too. WINGS_ALLOW_HOST_NETWORK=true allows it.")]
    [InlineData("WINGS_NETWORK_SUBNETS", "172.30.0.0", "'172.30.0.0' is not a network with room for servers. Write 172.30.0.0/16, or with IPv6 172.30.0.0/16;fd00:30::/64.")]
    [InlineData("WINGS_NETWORK_SUBNETS", "10.0.0.0/31", "'10.0.0.0/31' is not a network with room for servers. Write 172.30.0.0/16, or with IPv6 172.30.0.0/16;fd00:30::/64.")]
    [InlineData("WINGS_NETWORK_SUBNETS", "10.1.0.0/16;10.2.0.0/16", "'10.2.0.0/16' is a second one of its kind. Write one of IPv4 and at most one of IPv6.")]
    [InlineData("WINGS_NETWORK_SUBNETS", "fd00:30::/64", "'fd00:30::/64' has none of IPv4, which every engine's bridge needs.")]
    [InlineData("WINGS_NETWORK_MTU", "0", "'0' is not a number from 576 to 65535.")]
    [InlineData("WINGS_NETWORK_MTU", "1e3", "'1e3' is not a number from 576 to 65535.")]
    [InlineData("WINGS_DNS", "dns.example", "'dns.example' is not an address of a name server. Write 1.1.1.1;1.0.0.1.")]
    [InlineData("WINGS_DNS", "1", "'1' is not an address of a name server. Write 1.1.1.1;1.0.0.1.")]
    [InlineData("WINGS_DOMAIN", "a b", "'a b' is not a domain name. Write games.example.")]
    [InlineData("WINGS_TMPFS_MIB", "-5", "'-5' is not a number from 1 to 1048576.")]
    [InlineData("WINGS_LOG_DRIVER", "a/b", "'a/b' is not a name that the engine takes. Use up to 60 of a-z, A-Z, 0-9, '.', '_' and '-', for example local.")]
    [InlineData("WINGS_LOG_OPTIONS", "max-size", "'max-size' is not an option with a value. Write max-size=16m;max-file=2.")]
    [InlineData("WINGS_LOG_OPTIONS", "a=1;a=2", "'a' is there twice.")]
    [InlineData("WINGS_USERNS", "private", "'private' is no mode of user namespaces. Write host to switch remapping off, or leave it out.")]
    [InlineData("WINGS_INIT", "yes", "'yes' is neither true nor false.")]
    [InlineData("WINGS_MACHINE_ID", "1", "'1' is neither true nor false.")]
    [InlineData("WINGS_PASSWD", "on", "'on' is neither true nor false.")]
    [InlineData("WINGS_MOUNTS", "maps", "'maps' is not an absolute path without '..' and ':', for example /srv/maps.")]
    [InlineData("WINGS_MOUNTS", "/srv/../etc", "'/srv/../etc' is not an absolute path without '..' and ':', for example /srv/maps.")]
    [InlineData("WINGS_MOUNTS", "//", "'//' is this whole machine: a server that mounts it has everything. Name a folder.")]
    [InlineData("WINGS_CONSOLE_THROTTLE_LINES", "-1", "'-1' is not a number from 0 to 1000000.")]
    [InlineData("WINGS_CONSOLE_THROTTLE_LINES", "none", "'none' is not a number from 0 to 1000000.")]
    [InlineData("WINGS_CONSOLE_THROTTLE_PERIOD_MS", "0", "'0' is not a number from 10 to 60000.")]
    [InlineData("WINGS_STARTS_AT_ONCE", "0", "'0' is not a number from 1 to 1000.")]
    public void Read_WhatCannotBe_SaysWhatWasTyped(string name, string typed, string message)
    {
        Assert.False(WingsOptionsReader.TryRead(Machine((name, typed)), out _, out var faults));
        Assert.Equal([$"{name}: {message}"], faults);
    }

    [Fact]
    public void Read_Identity_IsAMachineIdUnlessSaidOtherwise()
    {
        Assert.Equal((true, false), (Read().HasMachineId, Read().HasUserFiles));
        var set = Read(("WINGS_MACHINE_ID", "false"), ("WINGS_PASSWD", "true"));
        Assert.Equal((false, true), (set.HasMachineId, set.HasUserFiles));
    }

    [Fact]
    public void Read_Throttle_IsThePeersAndCanBeSwitchedOff()
    {
        Assert.Equal((2_000, 100), Throttle());
        Assert.Equal((0, 250), Throttle(("WINGS_CONSOLE_THROTTLE_LINES", "0"), ("WINGS_CONSOLE_THROTTLE_PERIOD_MS", "250")));

        static (int, double) Throttle(params (string, string)[] settings)
        {
            Assert.True(WingsOptionsReader.TryRead(Machine(settings), out var options, out _));
            return (options.Consoles!.ThrottleLines, options.Consoles.ThrottlePeriod.TotalMilliseconds);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("host")]
    public void Read_NetworkMode_IsTakenWhenItIsAllowed(string mode)
        => Assert.Equal(mode, Read(("WINGS_NETWORK", mode), ("WINGS_ALLOW_HOST_NETWORK", "true")).Network);

    [Fact]
    public void Read_RegistriesFile_IsLookedAtAndEachFaultInItIsSaid()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{ "a.b": { "username": "u", "password": "p" } }""");
            Assert.Equal(file, Read(("WINGS_REGISTRIES_FILE", file)).RegistriesFile);

            File.WriteAllText(file, """{ "https://a.b": {}, "a.b": "secret" }""");
            Assert.False(WingsOptionsReader.TryRead(Machine(("WINGS_REGISTRIES_FILE", file)), out _, out var faults));
            Assert.Equal(2, faults.Count);
            Assert.StartsWith($"WINGS_REGISTRIES_FILE: '{file}': 'https://a.b' is not a registry's host", faults[0], StringComparison.Ordinal);
            Assert.StartsWith($"WINGS_REGISTRIES_FILE: '{file}': 'a.b' needs a username and a password", faults[1], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.False(WingsOptionsReader.TryRead(Machine(("WINGS_REGISTRIES_FILE", "/no/such/file")), out _, out var missing));
        Assert.StartsWith("WINGS_REGISTRIES_FILE: '/no/such/file' cannot be read", Assert.Single(missing), StringComparison.Ordinal);
    }

    private static DockerHostOptions Read(params (string Name, string Value)[] environment)
    {
        var isRead = WingsOptionsReader.TryRead(Machine(environment), out var options, out var faults);
        Assert.True(isRead, string.Join('\n', faults));
        return options!.Containers!;
    }

    private static WingsMachine Machine(params (string Name, string Value)[] environment) => new()
    {
        MachineName = "here",
        IsRoot = true,
        HomeFolder = "/root",
        Environment = environment.ToImmutableDictionary(pair => pair.Name, pair => pair.Value),
    };
}
