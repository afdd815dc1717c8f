using System.Net;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Hosting;

public sealed class MemberNumberTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Value_ClockGoesOn_IsTheClocks()
    {
        Assert.Equal(1_000, new MemberNumber(_folder.Path, 1_000).Value);
        Assert.Equal(1_007, new MemberNumber(_folder.Path, 1_007).Value);
    }

    [Theory]
    [InlineData(1_000)] // the same second
    [InlineData(10)] // put back
    public void Value_ClockDoesNotGoOn_IsGreaterAllTheSame(int next)
    {
        _ = new MemberNumber(_folder.Path, 1_000);
        Assert.Equal(1_001, new MemberNumber(_folder.Path, next).Value);
        Assert.Equal(1_002, new MemberNumber(_folder.Path, next).Value);
    }

    [Theory]
    [InlineData(5_000, 5_001)]
    [InlineData(3, 1_001)]
    public void Pass_NextOneIsGreaterThanBoth(int other, int next)
    {
        new MemberNumber(_folder.Path, 1_000).Pass(other);
        Assert.Equal(next, new MemberNumber(_folder.Path, 10).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("many")]
    [InlineData("2147483647")]
    [InlineData("99999999999")]
    public void Value_FileIsNoNumber_IsTheClocks(string text)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "member-number"), text);
        Assert.Equal(1_000, new MemberNumber(_folder.Path, 1_000).Value);
    }

    [Fact]
    public void Value_FolderCannotBeWritten_IsTheClocks() => Assert.Equal(1_000, new MemberNumber(Path.Combine(_folder.Path, "none"), 1_000).Value);

    [Fact]
    public void Newest_OnlyOfTheSameAddressAndNotItself()
    {
        var self = Silo("10.0.0.1", 11_111, 50);
        Assert.Equal(-1, MemberPast.Newest([], self));
        Assert.Equal(-1, MemberPast.Newest([self, Silo("10.0.0.2", 11_111, 90), Silo("10.0.0.1", 11_112, 90)], self));
        Assert.Equal(70, MemberPast.Newest([Silo("10.0.0.1", 11_111, 70), Silo("10.0.0.1", 11_111, 60), self], self));
    }

    private static SiloAddress Silo(string address, int port, int number) => SiloAddress.New(IPAddress.Parse(address), port, number);
}
