using OrleansWings.Allocations;
using OrleansWings.Hosts;

namespace OrleansWings.Silo.Tests.Abstractions;

public sealed class HostSettingsValidatorTests
{
    [Theory]
    [InlineData("region", "eu")]
    [InlineData("disk/type", "NVMe-2.0_a")]
    [InlineData("a", "1")]
    [InlineData("example.org/tier", "gold")]
    public void CheckLabel_Possible_IsNothing(string key, string value) => Assert.Null(HostSettingsValidator.CheckLabel(key, value));

    [Theory]
    [InlineData("", "x", "'' is not a label's name")]
    [InlineData("Region", "x", "'Region' is not a label's name")]
    [InlineData("-a", "x", "'-a' is not a label's name")]
    [InlineData("a-", "x", "'a-' is not a label's name")]
    [InlineData("a=b", "x", "'a=b' is not a label's name")]
    [InlineData("a\n", "x", "is not a label's name")]
    [InlineData("region", "", "'' is not a label's value")]
    [InlineData("region", "e u", "'e u' is not a label's value")]
    [InlineData("region", null, "'' is not a label's value")]
    [InlineData("region", "ü", "'ü' is not a label's value")]
    public void CheckLabel_Impossible_RepeatsItInWords(string key, string? value, string words)
        => Assert.Contains(words, HostSettingsValidator.CheckLabel(key, value), StringComparison.Ordinal);

    [Fact]
    public void CheckLabels_Faults_NameTheFieldOfEach()
    {
        var labels = new Dictionary<string, string> { ["ok"] = "1", ["No"] = "1", ["b"] = "" };

        Assert.Equal(["HostLabels[No]", "HostLabels[b]"], HostSettingsValidator.CheckLabels(labels, "HostLabels").Select(fault => fault.Field));
        Assert.Equal("65 labels are too many: at most 64.", Assert.Single(HostSettingsValidator.CheckLabels(Enumerable.Range(0, 65).ToDictionary(i => $"k{i}", _ => "v"), "Labels")).Message);
        Assert.Equal("Labels", Assert.Single(HostSettingsValidator.CheckLabels(null, "Labels")).Field);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(20)]
    public void Check_FactorInRange_IsNothing(double factor)
        => Assert.Empty(HostSettingsValidator.Check(new OverCommit { Memory = factor, Cpu = factor, Disk = factor }));

    [Theory]
    [InlineData(0.09)]
    [InlineData(20.1)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Check_FactorOutOfRange_IsNamed(double factor)
    {
        var faults = HostSettingsValidator.Check(new OverCommit { Memory = factor, Disk = factor });

        Assert.Equal(["Memory", "Disk"], faults.Select(fault => fault.Field));
        Assert.All(faults, fault => Assert.EndsWith("is not a factor: 0.1 to 20.", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void CheckNote_TooLongOrWithControls_IsSaid()
    {
        Assert.Null(HostSettingsValidator.CheckNote(""));
        Assert.Null(HostSettingsValidator.CheckNote(new string('n', 500)));
        Assert.Equal("The note is 501 characters long; at most 500.", HostSettingsValidator.CheckNote(new string('n', 501)));
        Assert.Equal("The note has a control character in it.", HostSettingsValidator.CheckNote("a\nb"));
    }

    [Theory]
    [InlineData("0.0.0.0", 1, 65535)]
    [InlineData("203.0.113.7", 25565, 25565)]
    [InlineData("2001:db8::1", 1024, 2048)]
    public void CheckPool_Possible_IsNothing(string address, int first, int last)
        => Assert.Empty(HostSettingsValidator.Check(new AllocationPool { Address = address, FirstPort = first, LastPort = last }));

    [Theory]
    [InlineData("example.org", 1, 2, "Address", "'example.org' is not an IP address")]
    [InlineData("", 1, 2, "Address", "'' is not an IP address")]
    [InlineData("0.0.0.0", 0, 2, "FirstPort", "0 is not a port")]
    [InlineData("0.0.0.0", 1, 65536, "LastPort", "65536 is not a port")]
    [InlineData("0.0.0.0", 3, 2, "LastPort", "The last port 2 is below the first one, 3.")]
    public void CheckPool_Impossible_NamesTheField(string address, int first, int last, string field, string words)
    {
        var fault = Assert.Single(HostSettingsValidator.Check(new AllocationPool { Address = address, FirstPort = first, LastPort = last }));

        Assert.Equal(field, fault.Field);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }
}
