using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ServerFormReaderTests
{
    [Fact]
    public void Read_FormOfSpec_IsTheSpec()
    {
        var spec = new ServerSpec
        {
            Name = "Lobby",
            Image = "~debian:12",
            Startup = "./run --port {{SERVER_PORT}}",
            Command = ["sh", "-c", "echo hi"],
            Stop = new StopRule { Kind = StopKind.Command, Value = "stop", Grace = TimeSpan.FromSeconds(12.5) },
            DoneLines = ["Done", "regex:^up$"],
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1 ").Add("B", ""),
            Limits = new ServerLimits { MemoryMiB = 512, SwapMiB = -1, CpuPercent = 250, CpuSet = "0-1", ProcessLimit = 99, IoWeight = 10, DiskMiB = 1, IsOomKillDisabled = true },
            Ports = [new Allocation("203.0.113.7", 25_565), new Allocation("::1", 80)],
            Mounts = [new MountSpec("/srv/a", "/mnt/a", false)],
            Host = new HostId("eu-1"),
            TimeZone = "Europe/Berlin",
            HostLabels = ImmutableSortedDictionary<string, string>.Empty.Add("region", "eu"),
            IsOutgoingIpForced = true,
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "a=b, c").Add("traefik.enable", ""),
            Placement = ServerPlacement.Pack,
            PortCount = 4,
            RestartOnCrash = false,
        };
        var read = ServerFormReader.Read(ServerFormModel.From(spec), out var faults);
        Assert.Empty(faults);
        Assert.Equivalent(spec, read, strict: true);
    }

    [Fact]
    public void Read_NewForm_NamesWhatIsMissing()
    {
        ServerFormReader.Read(ServerFormModel.New(), out var faults);
        Assert.Equal(["Name", "Image", "Startup"], faults.Select(fault => fault.Field));
    }

    [Fact]
    public void Read_SpacesAround_AreNotPartOfIt()
    {
        var form = Valid();
        form.Name = "  Lobby ";
        form.Image = " debian:12 ";
        form.MemoryMiB = " 512 ";
        var spec = ServerFormReader.Read(form, out var faults);
        Assert.Empty(faults);
        Assert.Equal(("Lobby", "debian:12", 512), (spec.Name, spec.Image, spec.Limits.MemoryMiB));
    }

    [Theory]
    [InlineData("abc", "'abc' is not a whole number.")]
    [InlineData("1.5", "'1.5' is not a whole number.")]
    [InlineData("99999999999999999999", "'99999999999999999999' is not a whole number.")]
    [InlineData("7", "7 MiB of memory cannot be: 0 for no limit, or 16 to 4194304.")]
    public void Read_MemoryThatCannotBe_SaysWhatWasTyped(string typed, string message)
    {
        var form = Valid();
        form.MemoryMiB = typed;
        ServerFormReader.Read(form, out var faults);
        Assert.Equal(new SpecFault("Limits.MemoryMiB", message), Assert.Single(faults));
    }

    [Fact]
    public void Read_EmptyNumber_IsZero()
    {
        var form = Valid();
        form.MemoryMiB = "";
        Assert.Equal(0, ServerFormReader.Read(form, out _).Limits.MemoryMiB);
    }

    [Theory]
    [InlineData("", "'' is not a port: 1 to 65535.")]
    [InlineData("x", "'x' is not a port: 1 to 65535.")]
    [InlineData("70000", "70000 is not a port: 1 to 65535.")]
    public void Read_PortThatCannotBe_SaidAtItsRow(string typed, string message)
    {
        var form = Valid();
        form.Ports.Add(new PortRow { Port = "1" });
        form.Ports.Add(new PortRow { Port = typed });
        ServerFormReader.Read(form, out var faults);
        Assert.Equal(new SpecFault("Ports[1]", message), Assert.Single(faults));
    }

    [Fact]
    public void Read_VariableTwice_IsSaid()
    {
        var form = Valid();
        form.Environment.AddRange([new() { Name = "A", Value = "1" }, new() { Name = "A ", Value = "2" }]);
        ServerFormReader.Read(form, out var faults);
        Assert.Equal(new SpecFault("Environment[A]", "A is there twice."), Assert.Single(faults));
    }

    [Fact]
    public void Read_EmptyVariableRow_IsNothing()
    {
        var form = Valid();
        form.Environment.Add(new VariableRow());
        Assert.Empty(ServerFormReader.Read(form, out var faults).Environment);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("", "'' is not a number of seconds.")]
    [InlineData("soon", "'soon' is not a number of seconds.")]
    [InlineData("1e400", "'1e400' is not a number of seconds.")]
    [InlineData("999999", "999999 s is not a grace period: 1 s to 3,600 s.")]
    [InlineData("-90000", "-90000 s is not a grace period: 1 s to 3,600 s.")]
    [InlineData("4000", "4000 s is not a grace period: 1 s to 3,600 s.")]
    [InlineData("0", "0 s is not a grace period: 1 s to 3,600 s.")]
    public void Read_GraceThatCannotBe_IsSaid(string typed, string message)
    {
        var form = Valid();
        form.Grace = typed;
        ServerFormReader.Read(form, out var faults);
        Assert.Equal(new SpecFault("Stop.Grace", message), Assert.Single(faults));
    }

    [Theory]
    [InlineData("Limits.IoWeight")]
    [InlineData("StartPriority")]
    [InlineData("PortCount")]
    public void Read_NumberBeyondAnInt_SaysWhatWasTyped(string field)
    {
        var form = Valid();
        (form.IoWeight, form.StartPriority, form.PortCount) = field switch
        {
            "Limits.IoWeight" => ("99999999999", "", ""),
            "StartPriority" => ("", "99999999999", ""),
            _ => ("", "", "99999999999"),
        };
        ServerFormReader.Read(form, out var faults);
        Assert.Equal(new SpecFault(field, "99999999999 is too large or too small a number."), Assert.Single(faults));
    }

    [Theory]
    [InlineData("70000", "70000 is not a port: 1 to 65535.")]
    [InlineData("x", "'x' is not a port: 1 to 65535.")]
    public void Read_AddressAndPortThatCannotBe_EachSaidAtItsOwn(string port, string message)
    {
        var form = Valid();
        form.Ports.Add(new PortRow { Ip = "256.1.1.1", Port = port });
        ServerFormReader.Read(form, out var faults);
        Assert.Equal(
            [new SpecFault("Ports[0]", message), new SpecFault("Ports[0].Ip", "'256.1.1.1' is not an IP address, for example 0.0.0.0 or 203.0.113.7.")],
            faults.OrderBy(fault => fault.Field, StringComparer.Ordinal));
    }

    [Fact]
    public void Read_BlankDoneLines_AreNotThere()
    {
        var form = Valid();
        form.DoneLines = "Done\r\n\r\n  \nUp";
        Assert.Equal(["Done", "Up"], ServerFormReader.Read(form, out _).DoneLines);
    }

    private static ServerFormModel Valid() => ServerFormModel.From(new ServerSpec { Name = "a", Image = "b", Startup = "c" });
}
