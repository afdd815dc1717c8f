using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>A line that had begun while nobody listened, and ends afterwards.</summary>
public sealed class ConsoleSessionProvingTests
{
    [Theory]
    [InlineData("", "Ada\r\n", "a|name: Ada")]
    [InlineData("", "Ada\r\nhello Ada\r\n", "a|name: Ada|hello Ada")]
    [InlineData("", "\r\nhello\r\n", "a|name: |hello")]
    [InlineData("what is ", "Ada\r\n", "a|what is …|name: Ada")]
    [InlineData("what is ", "\r\nAda\r\n", "a|what is …|name: |Ada")]
    public async Task Line_BegunWhileDead_IsWholeWhenItEnds(string before, string after, string texts)
    {
        await using var test = await RejoinedAsync(before);
        await test.SayAsync(after);

        Assert.Equal(texts, string.Join('|', test.Texts));
    }

    [Fact]
    public async Task Line_BegunJustBeforeTheKill_IsWholeWhenItEnds()
    {
        await using var test = new SessionTesting();
        await test.Session.AttachAsync("game", default);
        await test.SayAsync("a\r\n");
        test.Engine.Say("name: ");
        await test.Engine.Terminal.ReadUpAsync();
        await test.KillAsync();
        test.Time.Advance(TimeSpan.FromSeconds(10));
        await test.RejoinAsync();
        await test.SayAsync("Ada\r\n");

        Assert.Equal(["a", "name: Ada"], test.Texts);
    }

    [Fact]
    public async Task Line_EndedWhileTheLogWasRead_IsWhole()
    {
        await using var test = await RejoinedAsync("", afterLog: engine => engine.Say("Ada\r\nhello "));
        await test.SayAsync("Ada\r\n");

        Assert.Equal("a|name: Ada|hello Ada", Story(test).Replace("…|", ""));
    }

    [Fact]
    public async Task Line_WhoseRestWasShownAlready_IsToldWholeOnceMore()
    {
        await using var test = await RejoinedAsync("what is ");
        await test.SayAsync("A");
        test.Time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal("A…", test.Texts[^1]);
        await test.SayAsync("da\r\nhello ");
        await test.SayAsync("Ada\r\n");

        Assert.Equal("a|what is …|A…|da|GAP|what is name: Ada|hello Ada", Story(test));
        Assert.Contains("begun while nobody listened", test.Texts[4]);
    }

    [Fact]
    public async Task Line_ThatWasWhole_IsTakenAsItIs()
    {
        await using var test = await RejoinedAsync("", meanwhile: "");
        await test.SayAsync("b");
        test.Time.Advance(TimeSpan.FromMilliseconds(60));
        await test.SayAsync("c\r\nd\r\n");
        var reads = test.Engine.LogReads;
        await test.SayAsync("e\r\n");

        Assert.Equal(["a", "b…", "c", "d", "e"], test.Texts);
        Assert.Equal((2, reads), (reads, test.Engine.LogReads));
    }

    [Fact]
    public async Task Line_ThatTheLogHasALittleLate_IsWhole()
    {
        await using var test = await RejoinedAsync("");
        test.Engine.HiddenReads = 1;
        test.Engine.Say("Ada\r\n");
        await test.PassTimeUntilAsync(() => test.Texts.Length == 2);

        Assert.Equal(["a", "name: Ada"], test.Texts);
    }

    [Theory]
    [InlineData(false, "a|GAP|Ada")]
    [InlineData(true, "a|A…|da|GAP")]
    public async Task Line_ThatTheLogDoesNotHave_IsNamed(bool isShown, string story)
    {
        await using var test = await RejoinedAsync("");
        if (isShown)
        {
            await test.SayAsync("A");
            test.Time.Advance(TimeSpan.FromMilliseconds(60));
        }

        test.Engine.LogFailure = new EngineException("the log is broken");
        await test.SayAsync(isShown ? "da\r\n" : "Ada\r\n");

        Assert.Equal(story, Story(test));
        Assert.Contains("the log is broken", test.Texts.Single(t => t.Contains("OrleansWings")));
    }

    [Fact]
    public async Task Line_ThatTheLogNeverHas_IsNamedAfterSomeTime()
    {
        await using var test = await RejoinedAsync("");
        test.Engine.HiddenReads = int.MaxValue;
        test.Engine.Say("Ada\r\n");
        await test.PassTimeUntilAsync(() => test.Texts.Length == 3);

        Assert.Equal("a|GAP|Ada", Story(test));
    }

    [Theory]
    [InlineData("", "", "a|name: …")]
    [InlineData("", "Ada", "a|name: Ada…")]
    [InlineData("what is ", "", "a|what is …|name: …")]
    public async Task Line_ThatEndsWithTheProcess_IsWhole(string before, string after, string texts)
    {
        await using var test = await RejoinedAsync(before);
        var detached = new TaskCompletionSource();
        test.Session.Detached += detached.SetResult;
        test.Engine.Say(after);
        test.Engine.Exit();
        await detached.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(texts, string.Join('|', test.Texts));
        Assert.False(test.Session.MayLackOutput);
    }

    [Fact]
    public async Task CatchUpAsync_ProcessEndedWhileDead_TakesItsLastWords()
    {
        await using var test = new SessionTesting();
        await test.Session.AttachAsync("game", default);
        await test.SayAsync("a\r\n");
        await test.KillAsync();
        test.Time.Advance(TimeSpan.FromSeconds(10));
        test.Engine.Say("b\r\nlast words");
        test.Engine.Exit();
        await test.Session.CatchUpAsync("game", 1, default);
        await test.KillAsync();
        await test.Session.CatchUpAsync("game", 1, default);

        Assert.Equal(["a", "b", "last words…"], test.Texts);
    }

    [Fact]
    public async Task CatchUpAsync_LogIsGone_NamesTheGap()
    {
        await using var test = new SessionTesting();
        test.Engine.LogFailure = new EngineException("the log is broken");
        await test.Session.CatchUpAsync("game", 1, default);

        Assert.Contains("the log is broken", Assert.Single(test.Texts));
    }

    [Fact]
    public async Task LongLine_BegunWhileDead_IsKnownBeforeItEnds()
    {
        await using var test = await RejoinedAsync("");
        var rest = new string('x', 80_000);
        await test.SayAsync(rest);
        test.Time.Advance(TimeSpan.FromMilliseconds(60));

        Assert.Equal($"a|name: {rest}", Story(test).Replace("…|", "").TrimEnd('…'));
    }

    /// <summary>Said before the kill, the prompt "name: " (or what else) while dead, and joined again.</summary>
    private static async Task<SessionTesting> RejoinedAsync(string before, string meanwhile = "name: ", Action<ScriptedEngine>? afterLog = null)
    {
        var test = new SessionTesting();
        await test.Session.AttachAsync("game", default);
        await test.SayAsync("a\r\n" + before);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await test.KillAsync();
        test.Time.Advance(TimeSpan.FromSeconds(10));
        test.Engine.Say(meanwhile);
        test.Time.Advance(TimeSpan.FromSeconds(10));
        test.Engine.AfterLog = () => { test.Engine.AfterLog = null; afterLog?.Invoke(test.Engine); };
        await test.RejoinAsync();
        test.Time.Advance(TimeSpan.FromSeconds(1));
        return test;
    }

    private static string Story(SessionTesting test)
        => string.Join('|', test.Records.Zip(test.Texts, (record, text) => (record.Flags & ConsoleFlags.Gap) != 0 ? "GAP" : text));
}
