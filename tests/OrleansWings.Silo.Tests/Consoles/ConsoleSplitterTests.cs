using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleSplitterTests
{
    private const int Max = ConsoleRecordCodec.MaxPayload;
    private const ConsoleFlags Whole = ConsoleFlags.None;
    private const ConsoleFlags Partial = ConsoleFlags.Partial;
    private const ConsoleFlags Cut = ConsoleFlags.Partial | ConsoleFlags.Cut;

    private readonly ConsoleSplitter _splitter = new();
    private readonly List<(string Text, ConsoleFlags Flags)> _records = [];

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("50%\r60%\r100%\r\n", "50%\r60%\r100%")]
    [InlineData("\n\r\n", "|")]
    [InlineData("\ra\r\n", "\ra")]
    [InlineData("\0\u0007\u001b[31mred\u001b[0m\t\r\n", "\0\u0007\u001b[31mred\u001b[0m\t")]
    public void Push_WholeLines_StripsOnlyTheLineEnding(string terminal, string lines)
    {
        Push(terminal);

        Assert.Equal(lines.Split('|'), _records.Select(r => r.Text));
        Assert.All(_records, r => Assert.Equal(Whole, r.Flags));
        Assert.False(_splitter.HasPartial);
    }

    [Fact]
    public void Push_UnendedLine_GivesNothingUntilItEnds()
    {
        Push("hel");
        Push("lo");
        Assert.Empty(_records);
        Assert.True(_splitter.HasPartial);

        Push("\n");
        Assert.Equal([("hello", Whole)], _records);
    }

    [Fact]
    public void FlushPartial_Prompt_GivesItOnceAndTheRestContinues()
    {
        Push("> ");
        Flush();
        Flush();
        Push("stop\r\n");

        Assert.Equal([("> ", Partial), ("stop", Whole)], _records);
    }

    [Fact]
    public void FlushPartial_ThenOnlyALineEnding_EndsTheLineWithAnEmptyRecord()
    {
        Push("> ");
        Flush();
        Push("\r\n");

        Assert.Equal([("> ", Partial), ("", Whole)], _records);
    }

    [Theory]
    [InlineData("\n", "50%", "")]
    [InlineData("60%\n", "50%", "\r60%")]
    [InlineData("\r\n", "50%", "\r")]
    public void FlushPartial_CarriageReturnAtTheEnd_WaitsForWhatFollows(string next, string partial, string rest)
    {
        Push("50%\r");
        Flush();
        Assert.False(_splitter.HasPartial);
        Flush();
        Push(next);

        Assert.Equal([(partial, Partial), (rest, Whole)], _records);
    }

    [Fact]
    public void FlushPartial_NothingPending_GivesNothing()
    {
        Flush();
        Push("a\n");
        Flush();
        Push("\r");
        Flush();

        Assert.Equal([("a", Whole)], _records);
    }

    [Theory]
    [InlineData(Max, "\n", 1)]
    [InlineData(Max, "\r\n", 1)]
    [InlineData(Max, "\r\r\n", 2)]
    [InlineData(Max + 1, "\n", 2)]
    [InlineData(2 * Max, "\r\n", 2)]
    [InlineData(2 * Max + 1, "\r\n", 3)]
    public void Push_AroundTheLongestRecord_CutsOnlyWhatIsLonger(int length, string ending, int records)
    {
        var line = new string('x', length);
        foreach (var chunk in new[] { length + 10, Max, Max - 1, 1000, 7 })
        {
            _records.Clear();
            Push(line + ending, chunk);

            Assert.Equal(records, _records.Count);
            Assert.All(_records.SkipLast(1), r => Assert.Equal((Max, Cut), (r.Text.Length, r.Flags)));
            Assert.Equal(Whole, _records[^1].Flags);
            Assert.Equal(line + (ending.Length == 3 ? "\r" : ""), Joined());
        }
    }

    [Fact]
    public void Push_TenMegabytesWithoutALineFeed_KeepsAllAndHoldsLittle()
    {
        var random = new Random(1);
        var bytes = new byte[10 << 20];
        random.NextBytes(bytes);
        bytes.AsSpan().Replace((byte)'\n', (byte)'\r');

        Push(Encoding.Latin1.GetString(bytes), 128 * 1024);
        Flush();
        Push("!\n");

        Assert.Equal(Encoding.Latin1.GetString(bytes) + "!", Joined());
        Assert.All(_records.SkipLast(2), r => Assert.Equal((Max, Cut), (r.Text.Length, r.Flags)));
    }

    [Fact]
    public void Push_CutAnywhere_GivesTheSameRecords()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var terminal = RandomTerminal(random);
            var once = Split(terminal, terminal.Length);
            for (var i = 0; i < 5; i++)
                Assert.Equal(once, Split(terminal, 1 + random.Next(50)));
        }
    }

    [Fact]
    public void Push_FlushedAnywhere_JoinsToTheSameLines()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var terminal = RandomTerminal(random);
            Push(terminal, terminal.Length);
            var lines = Joined();
            _records.Clear();
            foreach (var piece in terminal.Chunk(1 + random.Next(20)))
            {
                Push(new string(piece));
                Flush();
            }

            Assert.Equal(lines, Joined());
            _records.Clear();
            _splitter.Reset();
        }
    }

    private static string RandomTerminal(Random random)
        => string.Concat(Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(5) switch
        {
            0 => "\n",
            1 => "\r",
            2 => "\r\n",
            _ => new string((char)random.Next(32, 256), random.Next(1, 40)),
        })) + "\n";

    private static List<(string, ConsoleFlags)> Split(string terminal, int chunk)
    {
        var tests = new ConsoleSplitterTests();
        tests.Push(terminal, chunk);
        return tests._records;
    }

    private string Joined() => string.Concat(_records.Select(r => r.Text + (r.Flags == Whole ? "\n" : "")))[..^1];

    private void Push(string terminal, int chunk = int.MaxValue)
    {
        var visitor = new Recorder(_records);
        foreach (var piece in Encoding.Latin1.GetBytes(terminal).Chunk(chunk))
            _splitter.Push(piece, ref visitor);
    }

    private void Flush()
    {
        var visitor = new Recorder(_records);
        _splitter.FlushPartial(ref visitor);
    }

    private readonly struct Recorder(List<(string, ConsoleFlags)> records) : IConsoleRecordVisitor
    {
        public void OnRecord(ReadOnlySpan<byte> bytes, ConsoleFlags flags) => records.Add((Encoding.Latin1.GetString(bytes), flags));
    }
}
