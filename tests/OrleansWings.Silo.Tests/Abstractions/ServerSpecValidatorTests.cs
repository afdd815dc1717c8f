using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Abstractions;

public sealed class ServerSpecValidatorTests
{
    private static ServerSpec Valid { get; } = new()
    {
        Name = "Survival",
        Image = "ghcr.io/pterodactyl/yolks:java_21",
        Startup = "java -jar server.jar",
        DoneLines = ["Done (", "regex:^Server .* ready$"],
        Environment = new ServerSpec { Name = "", Image = "", Startup = "" }.Environment.Add("MOTD", "Hello"),
        Limits = new ServerLimits { MemoryMiB = 2048, SwapMiB = -1, CpuPercent = 200, CpuSet = "0-3,6" },
        Ports = [new("0.0.0.0", 25565), new("::1", 25566)],
        Mounts = [new("/srv/maps", "/maps")],
        TimeZone = "Europe/Berlin",
        HostLabels = new ServerSpec { Name = "", Image = "", Startup = "" }.HostLabels.Add("region", "eu"),
        Placement = ServerPlacement.Pack,
    };

    /// <summary>What is changed, the field that is named, and the words.</summary>
    public static TheoryData<string, Func<ServerSpec, ServerSpec>, string, string> Faults() => new()
    {
        { "no name", s => s with { Name = " " }, "Name", "A server needs a name." },
        { "long name", s => s with { Name = new string('n', 81) }, "Name", "The name is 81 characters long; at most 80." },
        { "tab in name", s => s with { Name = "a\tb" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "bidi override in name", s => s with { Name = "a\u202Eb" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "bidi embedding in name", s => s with { Name = "a\u202Ab" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "bidi isolate in name", s => s with { Name = "a\u2066b" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "end of isolate in name", s => s with { Name = "a\u2069b" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "zero width space in name", s => s with { Name = "a\u200Bb" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "line separator in name", s => s with { Name = "a\u2028b" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "half a character in name", s => s with { Name = "a\uD800b" }, "Name", "The name has a character in it that cannot be seen, or that turns the text around." },
        { "no image", s => s with { Image = "" }, "Image", "A server needs an image, for example ghcr.io/pterodactyl/yolks:java_21." },
        { "upper-case image", s => s with { Image = "Game:1" }, "Image", "'Game:1' is not an image name: write it as registry/name:tag, in lower case." },
        { "only a tilde", s => s with { Image = "~" }, "Image", "'~' is not an image name: write it as registry/name:tag, in lower case." },
        { "many mounts", s => s with { Mounts = [.. Enumerable.Range(0, 101).Select(i => new MountSpec("/srv/maps", $"/maps/{i}"))] }, "Mounts", "101 mounts are too many: at most 100." },
        { "many done-lines", s => s with { DoneLines = [.. Enumerable.Repeat("Done", 101)] }, "DoneLines", "101 done-lines are too many: at most 100." },
        { "many parts of the command", s => s with { Command = [.. Enumerable.Repeat("x", 101)] }, "Command", "The command has 101 parts with 101 characters: at most 100 with 16,384." },
        { "long command", s => s with { Command = ["sh", new string('x', 16_384)] }, "Command", "The command has 2 parts with 16386 characters: at most 100 with 16,384." },
        { "zero byte in the command", s => s with { Command = ["sh", "a\0"] }, "Command", "The command has a part that is null, or a zero byte in one." },
        { "null in the command", s => s with { Command = [null!] }, "Command", "The command has a part that is null, or a zero byte in one." },
        { "no start-up", s => s with { Startup = "" }, "Startup", "A server needs a start-up command." },
        { "zero byte", s => s with { Startup = "a\0" }, "Startup", "The start-up command has a zero byte in it." },
        { "no signal", s => s with { Stop = new StopRule { Value = "SIGNOPE" } }, "Stop.Value", "'SIGNOPE' is not a signal: write SIGINT, INT, 2 or ^C." },
        { "empty stop command", s => s with { Stop = new StopRule { Kind = StopKind.Command } }, "Stop.Value", "The stop command is empty." },
        { "stop of two lines", s => s with { Stop = new StopRule { Kind = StopKind.Command, Value = "a\nb" } }, "Stop.Value", "A command is one line: this one has a line break in it. Send the lines one by one." },
        { "no grace", s => s with { Stop = s.Stop with { Grace = TimeSpan.Zero } }, "Stop.Grace", "0 s is not a grace period: 1 s to 3,600 s." },
        { "misspelt time zone", s => s with { TimeZone = "Europe/Berlni" }, "TimeZone", "'Europe/Berlni' is not a time zone, for example Europe/Berlin." },
        { "time zone", s => s with { TimeZone = "../etc" }, "TimeZone", "'../etc' is not a time zone, for example Europe/Berlin." },
        { "empty done-line", s => s with { DoneLines = ["ok", ""] }, "DoneLines[1]", "A done-line is empty." },
        { "variable's name", s => s with { Environment = s.Environment.Add("1A", "") }, "Environment[1A]", "'1A' is not a variable's name: use letters, digits and '_', and do not begin with a digit." },
        { "environment's size", s => s with { Environment = Enumerable.Range(0, 33).Aggregate(s.Environment, (all, i) => all.SetItem($"V{i:00}", new string('x', 32_768))) }, "Environment", "The environment has 1,081,520 bytes in all; at most 1,048,576, or the process cannot be started." },
        { "platform's variable", s => s with { Environment = s.Environment.Add("startup", "") }, "Environment[startup]", "STARTUP is set by the platform and cannot be changed." },
        { "5,000 variables", s => s with { Environment = Enumerable.Range(0, 4_999).Aggregate(s.Environment, (all, i) => all.SetItem($"V{i}", "")) }, "Environment", "5000 environment variables are too many: at most 1,000." },
        { "much memory", s => s with { Limits = s.Limits with { MemoryMiB = 4_194_305 } }, "Limits.MemoryMiB", "4194305 MiB of memory cannot be: 0 for no limit, or 16 to 4194304." },
        { "negative memory", s => s with { Limits = s.Limits with { MemoryMiB = -1 } }, "Limits.MemoryMiB", "-1 MiB of memory cannot be: 0 for no limit, or 16 to 4194304." },
        { "much swap", s => s with { Limits = s.Limits with { SwapMiB = 4_194_305 } }, "Limits.SwapMiB", "4194305 MiB of swap cannot be: -1 for no limit, 0 for none, or up to 4194304." },
        { "much cpu", s => s with { Limits = s.Limits with { CpuPercent = 100_001 } }, "Limits.CpuPercent", "100001 % of a core cannot be: 0 for no limit, or 5 to 100000." },
        { "negative cpu", s => s with { Limits = s.Limits with { CpuPercent = -100 } }, "Limits.CpuPercent", "-100 % of a core cannot be: 0 for no limit, or 5 to 100000." },
        { "cores backwards", s => s with { Limits = s.Limits with { CpuSet = "0,3-1" } }, "Limits.CpuSet", "'0,3-1' does not name cores: write 0-3,6." },
        { "cores in words", s => s with { Limits = s.Limits with { CpuSet = "all" } }, "Limits.CpuSet", "'all' does not name cores: write 0-3,6." },
        { "many processes", s => s with { Limits = s.Limits with { ProcessLimit = 1_000_001 } }, "Limits.ProcessLimit", "1000001 processes cannot be: 0 for no limit, or 1 to 1000000." },
        { "negative processes", s => s with { Limits = s.Limits with { ProcessLimit = -1 } }, "Limits.ProcessLimit", "-1 processes cannot be: 0 for no limit, or 1 to 1000000." },
        { "much weight", s => s with { Limits = s.Limits with { IoWeight = 1_001 } }, "Limits.IoWeight", "1001 is not an I/O weight: 0, or 10 to 1000." },
        { "much disk", s => s with { Limits = s.Limits with { DiskMiB = 1_073_741_825 } }, "Limits.DiskMiB", "1073741825 MiB of disk cannot be: 0 for no limit, or up to 1073741824." },
        { "negative disk", s => s with { Limits = s.Limits with { DiskMiB = -1 } }, "Limits.DiskMiB", "-1 MiB of disk cannot be: 0 for no limit, or up to 1073741824." },
        { "long grace", s => s with { Stop = s.Stop with { Grace = TimeSpan.FromSeconds(3_601) } }, "Stop.Grace", "3601 s is not a grace period: 1 s to 3,600 s." },
        { "high port", s => s with { Ports = [new("0.0.0.0", 65_536)] }, "Ports[0]", "65536 is not a port: 1 to 65535." },
        { "memory", s => s with { Limits = s.Limits with { MemoryMiB = 15 } }, "Limits.MemoryMiB", "15 MiB of memory cannot be: 0 for no limit, or 16 to 4194304." },
        { "swap", s => s with { Limits = s.Limits with { SwapMiB = -2 } }, "Limits.SwapMiB", "-2 MiB of swap cannot be: -1 for no limit, 0 for none, or up to 4194304." },
        { "cpu", s => s with { Limits = s.Limits with { CpuPercent = 4 } }, "Limits.CpuPercent", "4 % of a core cannot be: 0 for no limit, or 5 to 100000." },
        { "cores", s => s with { Limits = s.Limits with { CpuSet = "0-" } }, "Limits.CpuSet", "'0-' does not name cores: write 0-3,6." },
        { "weight", s => s with { Limits = s.Limits with { IoWeight = 9 } }, "Limits.IoWeight", "9 is not an I/O weight: 0, or 10 to 1000." },
        { "port", s => s with { Ports = [new("0.0.0.0", 0)] }, "Ports[0]", "0 is not a port: 1 to 65535." },
        { "address", s => s with { Ports = [new("1", 80)] }, "Ports[0].Ip", "'1' is not an IP address, for example 0.0.0.0 or 203.0.113.7." },
        { "port twice", s => s with { Ports = [new("0.0.0.0", 80), new("203.0.113.7", 80)] }, "Ports[1]", "203.0.113.7:80 is there twice." },
        { "relative mount", s => s with { Mounts = [new("srv", "/maps")] }, "Mounts[0]", "'srv' is not an absolute path without '..', '//' or ':'." },
        { "mount upwards", s => s with { Mounts = [new("/srv/../etc", "/maps")] }, "Mounts[0]", "'/srv/../etc' is not an absolute path without '..', '//' or ':'." },
        { "mount over the system", s => s with { Mounts = [new("/srv", "/etc/")] }, "Mounts[0]", "/etc/ belongs to the system of the container: choose another folder." },
        { "mount over the system by two slashes", s => s with { Mounts = [new("/srv", "//etc")] }, "Mounts[0]", "'//etc' is not an absolute path without '..', '//' or ':'." },
        { "label's name", s => s with { HostLabels = s.HostLabels.Add("Region", "eu") }, "HostLabels[Region]", "'Region' is not a label's name: use 1 to 63 of a-z, 0-9, '.', '-', '_' and '/', and begin and end with a letter or digit." },
        { "number of ports", s => s with { PortCount = 101 }, "PortCount", "101 is not a number of ports: 0 to 100." },
        { "placement", s => s with { Placement = (ServerPlacement)7 }, "Placement", "7 is not a placement: Spread or Pack." },
        { "mount twice", s => s with { Mounts = [new("/srv/a", "/maps"), new("/srv/b", "/maps/")] }, "Mounts[1]", "/maps/ is there twice." },
    };

    [Theory]
    [InlineData("Überleben – große Welt")]
    [InlineData("生存 サーバー")]
    [InlineData("שלום")]
    [InlineData("Lobby 🎮❤️")]
    public void CheckName_OfAnyScript_IsFine(string name) => Assert.Null(ServerSpecValidator.CheckName(name));

    [Fact]
    public void Validate_OfAValidSpec_FindsNothing() => Assert.Empty(ServerSpecValidator.Validate(Valid));

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Validate_WithOneFault_NamesTheFieldAndRepeatsIt(string name, Func<ServerSpec, ServerSpec> change, string field, string message)
    {
        Assert.NotEmpty(name);
        Assert.Equal([new SpecFault(field, message)], ServerSpecValidator.Validate(change(Valid)));
    }

    [Fact]
    public void Validate_WithManyFaults_FindsEachOne()
        => Assert.Equal(
            ["Name", "Image", "Startup", "Limits.ProcessLimit", "Ports[0].Ip"],
            ServerSpecValidator.Validate(Valid with { Name = "", Image = "", Startup = "", Limits = Valid.Limits with { ProcessLimit = -1 }, Ports = [new("x", 1)] }).Select(fault => fault.Field));

    [Theory]
    [InlineData("debian")]
    [InlineData("~local/game:1")]
    [InlineData("localhost:5000/a/b_c/d-e:V1.2")]
    [InlineData("a@sha256:0123456789012345678901234567890123456789012345678901234567890123")]
    public void CheckImage_OfAUsualName_IsGood(string image) => Assert.Null(ServerSpecValidator.CheckImage(image));

    [Theory]
    [InlineData("~~a")]
    [InlineData("a:b:c")]
    [InlineData("a b")]
    [InlineData("https://a/b")]
    [InlineData("a\n")]
    [InlineData("a/")]
    public void CheckImage_OfAnother_IsNot(string image) => Assert.NotNull(ServerSpecValidator.CheckImage(image));

    [Theory]
    [InlineData("team", "a", null)]
    [InlineData("com.example/team_1", "a=b, ü", null)]
    [InlineData("", "a", "'' is not a label: use letters, digits, '.', '-', '_' and '/', at most 128.")]
    [InlineData("te am", "a", "'te am' is not a label: use letters, digits, '.', '-', '_' and '/', at most 128.")]
    [InlineData("OrleansWings.run", "7", "OrleansWings.run is a label of the platform's own and cannot be set.")]
    [InlineData("team", "a\nb", "The value of the label team has a control character in it.")]
    [InlineData("team", null, "The label team has no value.")]
    public void CheckLabel_SaysWhatIsWrong(string key, string? value, string? fault) => Assert.Equal(fault, ServerSpecValidator.CheckLabel(key, value));

    [Theory]
    [InlineData("UTC", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Etc/GMT+5", true)]
    [InlineData("CET-1CEST", true)]
    [InlineData("UTC+3", true)]
    [InlineData("Moonbase", false)]
    [InlineData("Europe/Berlin/East", false)]
    [InlineData("europe berlin", false)]
    [InlineData("", false)]
    public void Validate_TimeZone_IsOneThatThereIs(string zone, bool isFine) => Assert.Equal(isFine, ServerSpecValidator.Validate(Valid with { TimeZone = zone }).IsEmpty);

    [Fact]
    public void Stop_NothingSaid_IsASignalAndTenMinutes()
        => Assert.Equal((StopKind.Signal, "SIGTERM", TimeSpan.FromMinutes(10)), (Valid.Stop.Kind, Valid.Stop.Value, Valid.Stop.Grace));

    [Fact]
    public void Validate_AtEveryBound_FindsNothing()
    {
        var spec = Valid with
        {
            Name = new string('n', 80),
            Startup = new string('s', 16 * 1024),
            Command = [.. Enumerable.Repeat("x", 100)],
            DoneLines = [.. Enumerable.Repeat(new string('d', 1_000), 100)],
            Ports = [.. Enumerable.Range(0, 99).Select(i => new Allocation("0.0.0.0", 65_535 - i)), new Allocation("0.0.0.0", 1)],
            Mounts = [.. Enumerable.Range(0, 100).Select(i => new MountSpec("/srv/maps", $"/maps/{i}"))],
            Stop = new StopRule { Kind = StopKind.Native, Grace = TimeSpan.FromHours(1) },
            StartPriority = 100,
        };
        Assert.Empty(ServerSpecValidator.Validate(spec));
        Assert.Empty(ServerSpecValidator.Validate(spec with { StartPriority = -100, Stop = spec.Stop with { Grace = TimeSpan.FromSeconds(1) } }));
        Assert.Equal("StartPriority", Assert.Single(ServerSpecValidator.Validate(spec with { StartPriority = 101 })).Field);
        Assert.Equal("StartPriority", Assert.Single(ServerSpecValidator.Validate(spec with { StartPriority = -101 })).Field);
        Assert.Equal("PortCount", Assert.Single(ServerSpecValidator.Validate(spec with { PortCount = -1 })).Field);
    }

    [Fact]
    public void Validate_TooManyOrTooLongLabels_AreNamed()
    {
        var spec = new ServerSpec { Name = "n", Image = "i", Startup = "s" };
        var many = spec with { Labels = Enumerable.Range(0, 101).ToImmutableSortedDictionary(i => $"l{i}", _ => "") };

        Assert.Equal("101 labels are too many: at most 100.", Assert.Single(ServerSpecValidator.Validate(many)).Message);
        Assert.Equal("Labels[a]", Assert.Single(ServerSpecValidator.Validate(spec with { Labels = spec.Labels.Add("a", new string('x', 1_001)) })).Field);
        Assert.NotNull(ServerSpecValidator.CheckLabel(new string('k', 129), ""));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(64, true)]
    public void CheckLimits_NoOomKill_NeedsAMemoryLimit(long memory, bool isFine)
        => Assert.Equal(isFine, !ServerSpecValidator.CheckLimits(new ServerLimits { MemoryMiB = memory, IsOomKillDisabled = true }).Any());

    [Theory]
    [InlineData("203.0.113.7", 0, null)]
    [InlineData("0.0.0.0", 0, "The outgoing address is that of the first port, and 0.0.0.0 is none to send from: give that port one of the host's IPv4 addresses.")]
    [InlineData("::1", 0, "The outgoing address is that of the first port, and ::1 is none to send from: give that port one of the host's IPv4 addresses.")]
    [InlineData(null, 0, "The outgoing address is that of the first port, and there is none: give the server a port.")]
    [InlineData(null, 1, null)]
    public void Validate_ForcedOutgoingAddress_NeedsOneToSendFrom(string? ip, int count, string? fault)
    {
        var spec = new ServerSpec { Name = "n", Image = "i", Startup = "s", IsOutgoingIpForced = true, Ports = ip is null ? [] : [new(ip, 5)], PortCount = count };

        Assert.Equal(fault is null ? [] : [fault], ServerSpecValidator.Validate(spec).Select(found => found.Message));
    }
}
