using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleSessionRejoinTests
{
    [Fact]
    public async Task RejoinAsync_NothingInTheJournal_TakesTheWholeLog()
    {
        await using var test = new SessionTesting();
        test.Engine.Say("a\r\nb\r\n");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.RejoinAsync(3);
        await test.SayAsync("c\r\n");

        Assert.Equal(["a", "b", "c"], test.Texts);
        Assert.Equal(new ConsolePosition(3, 4), test.Session.Head);
    }

    [Fact]
    public async Task RejoinAsync_LogRotatedAway_SaysBetweenWhichTimes()
    {
        await using var test = new SessionTesting();
        await test.Session.AttachAsync("game", default);
        await test.SayAsync("a\r\nprompt> ");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.KillAsync();
        test.Engine.Say("x\r\nlost\r\n");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        test.Engine.Say("kept\r\n");
        test.Engine.Rotate(3);
        await test.RejoinAsync();

        Assert.Equal("a|prompt> …||GAP|kept", string.Join('|', test.Records.Zip(test.Texts, (r, t) => (r.Flags & ConsoleFlags.Gap) != 0 ? "GAP" : t)));
        var gap = test.Records.Single(r => r.Source == ConsoleSource.Wings);
        Assert.EndsWith("between 2026-01-02 03:05:05 and 2026-01-02 03:06:05 UTC: the engine no longer has it.\e[0m", Encoding.UTF8.GetString(gap.Bytes.Span));
    }

    [Fact]
    public async Task RejoinAsync_LogCannotBeRead_NamesTheGapInTheEnginesWordsAndGoesOn()
    {
        await using var test = new SessionTesting();
        test.Engine.LogFailure = new EngineException("configured logging driver does not support reading");
        await test.RejoinAsync();
        await test.SayAsync("a\r\n");

        Assert.Contains("does not support reading", test.Texts[0]);
        Assert.Equal("a", test.Texts[1]);
    }

    [Fact]
    public async Task RejoinAsync_OurReadingWasLate_IsFoundFurtherBackInTheLog()
    {
        await using var test = new SessionTesting();
        test.Engine.Say("early\r\nlast we read\r\n");
        test.Engine.Say("missed\r\n");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.Session.AttachAsync("game", default);
        test.Engine.Terminal.Say("early\r\nlast we read\r\n"u8);
        await test.Engine.Terminal.ReadUpAsync();
        await test.KillAsync();
        await test.RejoinAsync();

        Assert.Equal(["early", "last we read", "missed"], test.Texts);
        Assert.Equal(2, test.Engine.LogReads);
    }

    [Fact]
    public async Task RejoinAsync_CutInTheSameProcess_JoinsAndKeepsTheListeners()
    {
        await using var test = new SessionTesting();
        var lines = new List<string>();
        test.Session.LineRead += lines.Add;
        await test.Session.AttachAsync("game", default);
        await test.SayAsync("a\r\nhalf ");
        test.Engine.Terminal.End();
        test.Time.Advance(TimeSpan.FromSeconds(1));
        test.Engine.Say("line\r\nb\r\n");
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await test.RejoinAsync();
        await test.SayAsync("c\r\n");

        Assert.Equal(["a", "half …", "line", "b", "c"], test.Texts);
        Assert.Equal(["a", "half line", "b", "c"], lines);
    }

    [Fact]
    public async Task RejoinAsync_AfterAGap_JoinsWhatFollowedIt()
    {
        await using var test = new SessionTesting();
        test.Engine.LogFailure = new EngineException("no");
        await test.RejoinAsync();
        test.Engine.LogFailure = null;
        await test.KillAsync();
        test.Time.Advance(TimeSpan.FromSeconds(30));
        await test.RejoinAsync();
        await test.SayAsync("a\r\n");
        await test.KillAsync();
        await test.RejoinAsync();
        await test.SayAsync("b\r\n");

        Assert.Equal(["a", "b"], test.Texts.Where(t => !t.Contains("OrleansWings")));
    }

    [Theory]
    [InlineData(0, 200, false)]
    [InlineData(500, 900, true)]
    public async Task RejoinAsync_RandomOutputKillsAndRotation_IsCompleteOrTheGapIsNamed(int firstSeed, int lastSeed, bool isRotated)
    {
        var gaps = 0;
        for (var seed = firstSeed; seed < lastSeed; seed++)
        {
            var random = new Random(seed);
            await using var test = new SessionTesting();
            var said = new StringBuilder();
            await test.Session.AttachAsync("game", default);
            // Of a run that has only one unended line nothing tells whether the log's beginning was rotated away.
            if (isRotated)
            {
                said.Append("up\r\n");
                await test.SayAsync("up\r\n");
                test.Time.Advance(TimeSpan.FromSeconds(1));
            }

            var kills = random.Next(1, 4);
            for (var kill = 0; kill < kills; kill++)
            {
                await PlayAsync();
                await test.KillAsync();
                // Equal lines within the engine's lag cannot be told apart once what stood between them is rotated away.
                test.Time.Advance(TimeSpan.FromMilliseconds(isRotated ? 200 : 0));
                await PlayAsync();
                if (isRotated && random.Next(2) == 0)
                    test.Engine.Rotate(random.Next(test.Engine.LogCount + 1));
                test.Engine.BeforeLog = Burst;
                test.Engine.AfterLog = Burst;
                await test.RejoinAsync();
                await test.ReadUpAsync();
            }

            await PlayAsync();
            await test.SayAsync("\r\nthe end\r\n");
            gaps += Check(seed, test, said + "\r\nthe end\r\n", isRotated);

            async Task PlayAsync()
            {
                for (var i = random.Next(12); i >= 0; i--)
                {
                    Say();
                    await test.ReadUpAsync();
                    test.Time.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
                    if (random.Next(8) == 0)
                        test.Time.Advance(TimeSpan.FromSeconds(random.Next(20)));
                }
            }

            void Burst()
            {
                for (var i = random.Next(3); i > 0; i--)
                {
                    Say();
                    test.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 20)));
                }
            }

            void Say()
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(6) switch
                {
                    0 => "> ",
                    1 => "tick\r\n",
                    2 => "50%\r",
                    3 => "\r\n",
                    _ => $"{random.Next(1000)} joined the game\r\n",
                }));
                said.Append(text);
                test.Engine.Say(text);
            }
        }

        Assert.Equal(isRotated, gaps > 0);
    }

    private static bool IsSaidAgain(ConsoleLine record)
        => (record.Flags & ConsoleFlags.Gap) != 0 && Encoding.UTF8.GetString(record.Bytes.Span).Contains("has it whole", StringComparison.Ordinal);

    // Returns the number of gaps, of which there must be none unless the log was rotated.
    private static int Check(int seed, SessionTesting test, string said, bool isRotated)
    {
        var parts = new List<StringBuilder> { new() };
        var endedByUs = new List<bool>();
        foreach (var record in test.Records)
        {
            if (IsSaidAgain(record))
            {
                // The line whose rest stands there already comes whole.
                var shown = parts[^1].ToString();
                parts[^1].Length = shown[..^2].LastIndexOf('\n') + 1;
                continue;
            }

            if ((record.Flags & ConsoleFlags.Gap) != 0)
            {
                parts.Add(new StringBuilder());
                continue;
            }

            parts[^1].Append(Encoding.Latin1.GetString(record.Bytes.Span)).Append(record.IsPartial ? "" : "\r\n");
            while (endedByUs.Count < parts.Count)
                endedByUs.Add(false);
            endedByUs[parts.Count - 1] = record is { IsPartial: false, Bytes.Length: 0 };
        }

        var story = $"Seed {seed}:\n{string.Join("<GAP>", parts)}\n--- of ---\n{said}";
        var at = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i].ToString();
            var isLast = i == parts.Count - 1;
            var found = isLast ? said.Length - part.Length : said.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0 && endedByUs[i])
                found = said.IndexOf(part = part[..^2], at, StringComparison.Ordinal);
            // Killed again before its beginning was proved: only its rest stands there, and it comes whole after the gap.
            if (found < 0 && endedByUs[i])
                found = said.IndexOf(part = part[..(part.LastIndexOf('\n') + 1)], at, StringComparison.Ordinal);
            Assert.True(found >= at && (i > 0 || found == 0) && string.CompareOrdinal(said, found, part, 0, part.Length) == 0, story);

            // A line that was open before a gap may come again, whole, after it.
            at = found + (endedByUs[i] ? part.TrimEnd('\r', '\n').LastIndexOf('\n') + 1 : part.Length);
        }

        Assert.True(isRotated || parts.Count == 1, story);
        return parts.Count - 1;
    }
}
