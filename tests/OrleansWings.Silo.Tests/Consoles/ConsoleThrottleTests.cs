using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleThrottleTests
{
    private const ConsoleFlags Partial = ConsoleFlags.Partial;
    private const ConsoleFlags Cut = ConsoleFlags.Partial | ConsoleFlags.Cut;

    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly ConsoleThrottle _throttle = new(3, TimeSpan.FromMilliseconds(100));
    private readonly List<string> _shown = [];

    [Fact]
    public void Admit_AsManyAsAllowed_ShowsAll()
    {
        Say(0, "1", "2", "3");
        Say(100, "4", "5", "6");
        Say(201, "7");

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], _shown);
        Assert.False(_throttle.IsHolding);
    }

    [Fact]
    public void Admit_More_CountsThemAndKeepsTheLast()
    {
        Say(0, "1", "2", "3", "4", "5", "6");
        Assert.True(_throttle.IsHolding);
        Assert.False(_throttle.IsReleaseDue(s_start.AddMilliseconds(99)));
        Assert.Equal(s_start.AddMilliseconds(100), _throttle.PeriodEnd);

        Say(100, "7");
        Assert.Equal(["1", "2", "3", "(2)", "6", "7"], _shown);
        Assert.False(_throttle.TryRelease(out _));
    }

    [Fact]
    public void Admit_OneMore_ShowsItLaterAndNamesNone()
    {
        Say(0, "1", "2", "3", "4");
        Say(100, "5");
        Assert.Equal(["1", "2", "3", "(0)", "4", "5"], _shown);
    }

    [Fact]
    public void Admit_PeriodBeginsWithItsFirstLine()
    {
        Say(0, "1");
        Say(99, "2", "3", "4");
        Say(150, "5", "6", "7");
        Assert.Equal(["1", "2", "3", "(0)", "4", "5", "6", "7"], _shown);
    }

    [Fact]
    public void Admit_ClockGoesBack_BeginsAnew()
    {
        Say(0, "1", "2", "3", "4");
        Say(-3_600_000, "5", "6", "7");
        Assert.Equal(["1", "2", "3", "(0)", "4", "5", "6", "7"], _shown);
    }

    [Fact]
    public void Admit_LineThatIsShownInPart_IsShownToItsEnd()
    {
        Say(0, "1", "2", "3", "4");
        Release();
        Say(0, ("> ", Partial));
        Say(0, ("stop", ConsoleFlags.None), ("5", ConsoleFlags.None));
        Assert.Equal(["1", "2", "3", "(0)", "4", "> …", "stop"], _shown);
    }

    [Fact]
    public void Release_WithinALongLine_ShowsItsRestToo()
    {
        Say(0, "1", "2", "3");
        Say(0, ("aaa", Cut), ("bbb", Cut));
        Release();
        Say(100, ("ccc", Cut));
        Say(200, ("ddd", ConsoleFlags.None), ("5", ConsoleFlags.None));
        Assert.Equal(["1", "2", "3", "(1)", "bbb…", "ccc…", "ddd", "5"], _shown);
    }

    [Fact]
    public void Admit_LineThatNeverEnds_IsThrottledByItsPieces()
    {
        // 24 KiB at once, and 3 KiB more in each period.
        Say(0, (Long('a', 20), Cut), (Long('b', 20), Cut), (Long('c', 20), Cut), (Long('d', 20), Cut));
        Assert.Equal(["a…", "b…"], _shown);
        Say(100, (Long('e', 20), Cut));
        Say(1_000, (Long('f', 20), Cut), ("end", ConsoleFlags.None), ("1", ConsoleFlags.None));
        Assert.Equal(["a…", "b…", "(1)", "d…", "(0)", "e…", "f…", "(1)", "1"], ReleasedToo());
    }

    [Fact]
    public void Admit_LongLines_PassAtOnceAndNotForEver()
    {
        Say(0, Long('a', 23), "b", "c");
        Say(100, "1", Long('d', 10), "3");
        Assert.Equal(["a", "b", "c", "1", "d"], _shown);
        Say(10_000, Long('e', 23), "4", "5");
        Assert.Equal(["a", "b", "c", "1", "d", "(0)", "3", "e", "4", "5"], _shown);
    }

    [Fact]
    public void Release_SaysWhetherTheLinesWereTooManyOrTooLong()
    {
        Say(0, "1", "2", "3", "4");
        Assert.True(_throttle.TryRelease(out var many));
        Say(100, Long('a', 25), Long('b', 1));
        Assert.True(_throttle.TryRelease(out var tooLong));
        Say(20_000, "1", "2", "3", "4");
        Assert.True(_throttle.TryRelease(out var manyAgain));
        Assert.Equal((false, true, false), (many.IsByLength, tooLong.IsByLength, manyAgain.IsByLength));
    }

    [Fact]
    public void Admit_PieceOfAnEndlessLineThatIsSilentForAMoment_IsNoPrompt()
    {
        Say(0, "1", "2", "3");
        Say(0, ("a", Cut), ("b", Partial), ("c", ConsoleFlags.None));
        Assert.Equal(["1", "2", "3"], _shown);
        Release();
        Assert.Equal(["1", "2", "3", "(1)", "bc"], _shown);
    }

    [Fact]
    public void Admit_SkippedLineOfManyMegabytes_IsKeptInPart()
    {
        Say(0, "1", "2", "3");
        var piece = new string('x', ConsoleRecordCodec.MaxPayload);
        for (var i = 0; i < 64; i++)
            Say(0, (piece, Cut));
        Assert.True(_throttle.TryRelease(out var held));
        Assert.Equal(ConsoleRecordCodec.MaxPayload, held.Last.Length);
    }

    [Fact]
    public void Admit_SwitchedOff_ShowsAll()
    {
        var off = new ConsoleThrottle(0, TimeSpan.FromMilliseconds(100));
        Assert.All(Enumerable.Range(0, 100_000), _ => Assert.True(off.Admit(s_start, "x"u8, ConsoleFlags.None)));
        Assert.False(off.IsHolding);
    }

    [Fact]
    public void Reset_ForgetsWhatWasBegun()
    {
        Say(0, "1", "2", "3", "4");
        _throttle.Reset();
        Say(0, "5", "6", "7");
        Assert.Equal(["1", "2", "3", "5", "6", "7"], _shown);
        Assert.False(_throttle.IsHolding);
    }

    private void Say(int milliseconds, params string[] lines) => Say(milliseconds, [.. lines.Select(line => (line, ConsoleFlags.None))]);

    private void Say(int milliseconds, params (string Text, ConsoleFlags Flags)[] records)
    {
        var at = s_start.AddMilliseconds(milliseconds);
        foreach (var (text, flags) in records)
        {
            if (_throttle.IsReleaseDue(at))
                Release();
            if (_throttle.Admit(at, Encoding.Latin1.GetBytes(text), flags))
                _shown.Add(Show(text, flags));
        }
    }

    private void Release()
    {
        Assert.True(_throttle.TryRelease(out var held));
        _shown.Add($"({held.Skipped})");
        _shown.Add(Show(Encoding.Latin1.GetString(held.Last), held.Flags));
    }

    private static string Long(char of, int kibibytes) => new(of, kibibytes * 1024);

    private List<string> ReleasedToo()
    {
        if (_throttle.IsHolding)
            Release();
        return _shown;
    }

    private static string Show(string text, ConsoleFlags flags) => (text.Length > 1_000 ? text[..1] : text) + (flags.HasFlag(Partial) ? "…" : "");
}
