using System.Text;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Tests.Engines;

public sealed class LogStreamParserTests
{
    private const string Time1 = "2026-01-31T12:00:00.123456789Z ";
    private const string Time2 = "2026-01-31T14:00:01.000000001+02:00 ";
    private static readonly string s_piece = new('x', 16 * 1024);

    public static TheoryData<string, string[]> Logs => new()
    {
        { "", [] },
        { $"{Time1}one\r\n{Time2}two\r\n", ["one\r\n", "two\r\n"] },
        { $"{Time1}\n", ["\n"] },
        { $"{Time1}one\r\n{Time2}unfinished", ["one\r\n", "unfinished"] },
        { $"{Time1}at {Time2}it began\r\n", [$"at {Time2}it began\r\n"] },
        { $"{Time1}{s_piece}{Time1}{s_piece}{Time1}end\r\n{Time2}next\r\n", [s_piece, s_piece, "end\r\n", "next\r\n"] },
        { $"{Time1}{s_piece}{Time1}end\r{Time2}next\r\n", [s_piece, "end\r\n", "next\r\n"] },
        { $"{Time1}{s_piece}{Time1}{Time2}next\r\n", [s_piece, "\n", "next\r\n"] },
        { $"{Time1}{s_piece}{Time1}end\r", [s_piece, "end\r\n"] },
        { $"{Time1}{s_piece}", [s_piece] },
        { $"{Time1}{s_piece}\n{Time2}next\n", [s_piece + "\n", "next\n"] },
        { $"{Time1}{s_piece}{s_piece}\n", [s_piece + s_piece + "\n"] },
        { "no time\n", ["no time\n"] },
    };

    [Theory]
    [MemberData(nameof(Logs))]
    public void TryTake_Log_IsCutIntoItsEntries(string log, string[] expected)
    {
        foreach (var chunk in (int[])[1, 7, 1000, 1_000_000])
            Assert.Equal(expected, Parse(log, chunk).Select(entry => Encoding.UTF8.GetString(entry.Bytes.Span)));
    }

    [Fact]
    public void TryTake_TimesWithAndWithoutOffset_AreUtc()
    {
        var entries = Parse($"{Time1}one\n{Time2}two\n", 1000);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567), entries[0].At);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 1, TimeSpan.Zero), entries[1].At);
    }

    private static List<LogEntry> Parse(string log, int chunk)
    {
        var parser = new LogStreamParser();
        var entries = new List<LogEntry>();
        foreach (var part in Encoding.UTF8.GetBytes(log).Chunk(chunk))
        {
            parser.Append(part);
            while (parser.TryTake(isEnd: false, out var entry))
                entries.Add(entry);
        }

        while (parser.TryTake(isEnd: true, out var last))
            entries.Add(last);
        return entries;
    }
}
