using OrleansWings.Dashboard.Hosts;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class LabelTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("region=eu", "region=eu")]
    [InlineData(" region=eu ,disk=nvme", "disk=nvme, region=eu")]
    [InlineData("region=eu disk=nvme", "disk=nvme, region=eu")]
    [InlineData("a=b=c", "a=b=c")]
    public void Read_Labels_WritesThemAgain(string typed, string written)
    {
        var labels = LabelText.Read(typed, out var fault);

        Assert.Null(fault);
        Assert.Equal(written, LabelText.Write(labels));
    }

    [Theory]
    [InlineData("region", "'region' is not a label: write it as name=value.")]
    [InlineData("a=1, a=2", "a is there twice.")]
    public void Read_Unreadable_SaysWhat(string typed, string words)
    {
        LabelText.Read(typed, out var fault);

        Assert.Equal(words, fault);
    }
}
