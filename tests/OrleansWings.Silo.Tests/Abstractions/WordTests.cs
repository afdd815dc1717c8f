using System.Text;
using System.Text.Json;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Abstractions;

/// <summary>Small words that people type: signals, done-lines, commands, addresses, names.</summary>
public sealed class WordTests
{
    [Theory]
    [InlineData("SIGINT", "SIGINT")]
    [InlineData("int", "SIGINT")]
    [InlineData(" 2 ", "SIGINT")]
    [InlineData("^C", "SIGINT")]
    [InlineData("^c", "SIGINT")]
    [InlineData("^\\", "SIGQUIT")]
    [InlineData("15", "SIGTERM")]
    [InlineData("usr1", "SIGUSR1")]
    [InlineData("31", "SIGSYS")]
    [InlineData("34", "34")]
    [InlineData("64", "64")]
    [InlineData("0", null)]
    [InlineData("32", null)]
    [InlineData("65", null)]
    [InlineData("-2", null)]
    [InlineData("SIG", null)]
    [InlineData("SIGSIGINT", null)]
    [InlineData("^D", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void StopSignal_AsPeopleWriteIt_IsRead(string? text, string? signal)
    {
        Assert.Equal(signal is not null, StopSignal.TryParse(text, out var read));
        Assert.Equal(signal ?? "", read);
    }

    [Theory]
    [InlineData("Done (", "[12:00] Done (1.2s)! For help", true)]
    [InlineData("Done (", "done (1.2s)", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("regex:^Server .* ready$", "Server 1 ready", true)]
    [InlineData("regex:^Server .* ready$", "My Server 1 ready", false)]
    [InlineData("regex:(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false)]
    public void DoneLine_OnALine_Matches(string rule, string line, bool isMatch)
    {
        Assert.True(DoneLine.TryParse(rule, out var done, out var fault));
        Assert.Null(fault);
        Assert.Equal(isMatch, done!.Matches(line));
    }

    [Theory]
    [InlineData("regex:(")]
    [InlineData("regex:(?=a)")]
    [InlineData("regex:(a)\\1")]
    public void DoneLine_ThatCannotRunInLinearTime_IsRefused(string rule)
    {
        Assert.False(DoneLine.TryParse(rule, out _, out var fault));
        Assert.StartsWith($"'{rule["regex:".Length..]}' is not a regular expression that can be used: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_WithItsFaults_IsToldInWords()
    {
        Assert.Null(ServerCommand.Check(""));
        Assert.Null(ServerCommand.Check("say ä"));
        Assert.Null(ServerCommand.Check(new string('x', 4095)));
        Assert.Equal("There is no command.", ServerCommand.Check(null));
        Assert.Equal("The command is 4096 bytes long; at most 4095.", ServerCommand.Check(new string('ä', 2048)));
        Assert.All((string[])["a\nb", "a\r", "\n"], command => Assert.StartsWith("A command is one line", ServerCommand.Check(command), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("::", "203.0.113.7", true)]
    [InlineData("::", "2001:db8::1", true)]
    [InlineData("::0", "203.0.113.7", true)]
    [InlineData("0:0:0:0:0:0:0:0", "2001:db8::1", true)]
    [InlineData("0.0.0.0", "2001:db8::1", false)]
    [InlineData("2001:db8::1", "2001:db8:0::1", true)]
    public void Overlaps_OfTwoAddresses_IsTheSameBothWays(string a, string b, bool overlap)
    {
        Assert.Equal(overlap, new Allocation(a, 80).Overlaps(new Allocation(b, 80)));
        Assert.Equal(overlap, new Allocation(b, 80).Overlaps(new Allocation(a, 80)));
        Assert.False(new Allocation(a, 80).Overlaps(new Allocation(b, 81)));
    }

    [Fact]
    public void Allocation_AsText_HasBracketsForIPv6()
        => Assert.Equal(("0.0.0.0:80", "[::1]:80"), (new Allocation("0.0.0.0", 80).ToString(), new Allocation("::1", 80).ToString()));

    [Theory]
    [InlineData("eu-1", true)]
    [InlineData("1", true)]
    [InlineData("-a", false)]
    [InlineData("EU", false)]
    [InlineData("a.b", false)]
    [InlineData("ä", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("0123456789012345678901234567890123456789", true)]
    [InlineData("01234567890123456789012345678901234567890", false)]
    public void HostId_OfAText_IsChecked(string? text, bool isGood)
    {
        Assert.Equal(isGood, HostId.TryParse(text, null, out var host));
        Assert.Equal(isGood ? text : null, host.Value);
        if (!isGood && text is not null)
            Assert.StartsWith($"'{text}' is not a host name", Assert.Throws<FormatException>(() => new HostId(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0197e4a0-0000-7000-8000-000000000001", true)]
    [InlineData("0197E4A0-0000-7000-8000-000000000001", true)]
    [InlineData("0197e4a0000070008000000000000001", false)]
    [InlineData("{0197e4a0-0000-7000-8000-000000000001}", false)]
    [InlineData("00000000-0000-0000-0000-000000000000", false)]
    [InlineData("../../etc", false)]
    [InlineData(null, false)]
    public void ServerId_OfAText_IsOnlyTheOneForm(string? text, bool isGood)
    {
        Assert.Equal(isGood, ServerId.TryParse(text, null, out var id));
        if (isGood)
            Assert.Equal(text!.ToLowerInvariant(), id.ToString());
    }

    [Fact]
    public void Ids_InJson_AreTheirTextAlsoAsKeys()
    {
        var map = new Dictionary<ServerId, HostId> { [ServerId.Parse("0197e4a0-0000-7000-8000-000000000001")] = new("eu-1") };

        var text = JsonSerializer.Serialize(map);

        Assert.Equal("""{"0197e4a0-0000-7000-8000-000000000001":"eu-1"}""", text);
        Assert.Equal(map, JsonSerializer.Deserialize<Dictionary<ServerId, HostId>>(text));
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize<HostId>("\"UP\""));
        Assert.NotEqual(ServerId.New(), ServerId.New());
        Assert.Equal(36, Encoding.UTF8.GetByteCount(ServerId.New().ToString()));
    }
}
