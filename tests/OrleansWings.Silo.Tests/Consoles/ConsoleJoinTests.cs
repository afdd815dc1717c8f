using System.Text;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleJoinTests
{
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

    // Pieces are "seconds text", with | for the end of a line. Attached from second 20 to 21.
    [Theory]
    [InlineData("nothing of the run yet: the whole log", "", "1 a| 2 b|", "", "a|b|", true, true)]
    [InlineData("nothing at all", "", "", "22 x|", "", true, true)]
    [InlineData("nothing new", "1 a| 2 b|", "1 a| 2 b|", "", "", true, true)]
    [InlineData("only the log has it", "1 a| 2 b|", "2 b| 9 c|", "", "c|", true, true)]
    [InlineData("log and fresh overlap", "1 a| 2 b|", "2 b| 9 c| 22 d|", "22 d|e|", "c|", true, true)]
    [InlineData("fresh begins in the middle of a line", "1 a|", "1 a| 9 c| 22 hello_world|", "22 world|x|", "c|hello_", true, true)]
    [InlineData("fresh begins within the line's ending", "1 a|", "1 a| 22 b|", "22 <|x|", "b>", true, true)]
    [InlineData("fresh is behind the log", "1 a|", "1 a| 9 b| 22 c| 23 d|", "22 c|", "b|", true, true)]
    [InlineData("ours ends in a prompt that the log has not yet", "1 a| 2 >_", "1 a|", "22 stop|", "", true, true)]
    [InlineData("ours ends in a prompt that was answered meanwhile", "1 a| 2 >_", "1 a| 9 >_stop| 10 b|", "", "stop|b|", true, true)]
    [InlineData("ours is only a prompt", "2 >_", "9 >_stop|", "", "stop|", true, true)]
    [InlineData("ours is only a prompt and the log is empty", "2 >_", "", "22 stop|", "", true, true)]
    [InlineData("ours reaches further back than the log", "1 a| 2 b| 3 c|", "3 c| 9 d|", "", "d|", true, true)]
    [InlineData("the log reaches further back than ours", "3 c|", "1 a| 2 b| 3 c| 9 d|", "", "d|", true, true)]
    [InlineData("repeated lines: time tells which is our last", "1 t| 2 t| 3 t|", "1 t| 2 t| 3 t| 4 t| 5 t|", "", "t|t|", true, true)]
    [InlineData("repeated lines, the log from the middle on", "1 t| 2 t| 3 t|", "2 t| 3 t| 4 t| 5 t|", "", "t|t|", true, true)]
    [InlineData("repeated lines: time tells where fresh begins", "3 t|", "3 t| 9 t| 22 t| 23 t|", "22 t|t|t|", "t|", true, true)]
    [InlineData("fresh repeats what is older than it", "3 t|", "3 t| 9 t|", "22 t|", "t|", true, true)]
    [InlineData("rotated: the log begins later", "1 a| 2 b|", "9 c|", "", "c|", false, true)]
    [InlineData("rotated: the log begins later with the same line", "1 a| 2 t|", "9 t| 10 c|", "", "t|c|", false, true)]
    [InlineData("rotated: the log begins later with our prompt", "1 a| 2 >_", "9 >_b|", "", ">_b|", false, true)]
    [InlineData("rotated: the log begins with our line's ending only", "1 a| 2 b|", "2 | 9 c|", "", "c|", false, true)]
    [InlineData("rotated to nothing", "1 a|", "", "22 x|", "", false, true)]
    [InlineData("fresh does not fit", "1 a|", "1 a| 9 b| 23 c|", "23 x|", "b|", true, false)]
    public void Join_Case_GivesWhatLiesBetween(string why, string ours, string log, string fresh, string missed, bool isJoinedToOurs, bool isJoinedToFresh)
    {
        var (known, until) = Parse(ours);

        var result = ConsoleJoin.Join(known, until, Parse(log).Bytes, Parse(fresh).Bytes, s_epoch.AddSeconds(20), s_epoch.AddSeconds(21));

        var found = string.Concat(result.Missed.Select(m => Encoding.Latin1.GetString(m.Bytes.Span))).Replace("\r\n", "|").Replace('\r', '>');
        Assert.Equal((why, missed, isJoinedToOurs, isJoinedToFresh), (why, found, result.IsJoinedToOurs, result.IsJoinedToFresh));
    }

    // Only the log of a line that has ended tells whether the attachment has all of it.
    [Theory]
    [InlineData("1 a|", "1 a|", "", false)]
    [InlineData("1 a|", "1 a|", "22 world", false)]
    [InlineData("1 a|", "1 a|", "22 world|", false)]
    [InlineData("1 a|", "1 a| 22 hello_world|", "22 world|", true)]
    [InlineData("1 a|", "1 a| 22 world|", "22 world|", true)]
    [InlineData("2 >_", "22 >_world|", "22 world|", true)]
    public void Join_FirstLineOfTheAttachment_IsProvedByTheLogAlone(string ours, string log, string fresh, bool isLogged)
    {
        var (known, until) = Parse(ours);

        var result = ConsoleJoin.Join(known, until, Parse(log).Bytes, Parse(fresh).Bytes, s_epoch.AddSeconds(20), s_epoch.AddSeconds(21));

        Assert.Equal((true, true, isLogged), (result.IsJoinedToOurs, result.IsJoinedToFresh, result.IsFreshLogged));
    }

    [Theory]
    [InlineData("1 a| 2 b| 3 c", 1, "b|c")]
    [InlineData("1 a| 2 b| 3 c", 5, "a|b|c")]
    [InlineData("1 abc", 1, "abc")]
    [InlineData("1 a| 2 b|", 1, "b|")]
    [InlineData("", 1, "")]
    public void TerminalBytes_Tail_KeepsWholeLines(string given, int atLeast, string tail)
        => Assert.Equal(tail, Encoding.Latin1.GetString(Parse(given).Bytes.Tail(atLeast).Bytes).Replace("\r\n", "|"));

    [Fact]
    public void Join_MegabytesOfTheSameByte_TakesLinearTime()
    {
        var (ours, log) = (new TerminalBytes(), new TerminalBytes());
        ours.Add(s_epoch, new byte[256 * 1024]);
        for (var i = 0; i < 100; i++)
            log.Add(s_epoch.AddSeconds(i), new byte[16 * 1024]);

        var result = ConsoleJoin.Join(ours, s_epoch, log, log, s_epoch.AddSeconds(20), s_epoch.AddSeconds(21));

        Assert.True(result.IsJoinedToOurs);
    }

    [Theory]
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    [InlineData("a\r\nb", "a\r\nb")]
    [InlineData("a\r\r\n", "a\r\r\n")]
    [InlineData("\nb", "\nb")]
    public void TerminalBytes_AnyLineEnding_BecomesTheTerminals(string given, string bytes)
    {
        foreach (var chunk in new[] { 1, 2, 100 })
        {
            var terminal = new TerminalBytes();
            foreach (var piece in Encoding.Latin1.GetBytes(given).Chunk(chunk))
                terminal.Add(s_epoch, piece);
            Assert.Equal(bytes, Encoding.Latin1.GetString(terminal.Bytes));
        }
    }

    private static (TerminalBytes Bytes, DateTimeOffset? Until) Parse(string pieces)
    {
        var bytes = new TerminalBytes();
        DateTimeOffset? last = null;
        var words = pieces.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i += 2)
        {
            last = s_epoch.AddSeconds(int.Parse(words[i]));
            bytes.Add(last.Value, Encoding.Latin1.GetBytes(words[i + 1].Replace("<|", "\n").Replace("|", "\r\n")));
        }

        return (bytes, last);
    }
}
