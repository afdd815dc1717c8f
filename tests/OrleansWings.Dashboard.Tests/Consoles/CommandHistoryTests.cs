using OrleansWings.Dashboard.Consoles;

namespace OrleansWings.Dashboard.Tests.Consoles;

public sealed class CommandHistoryTests
{
    [Fact]
    public void Older_WalksBackAndStopsAtOldest()
    {
        var history = new CommandHistory(["a", "b"]);
        Assert.Equal("b", history.Older(""));
        Assert.Equal("a", history.Older(""));
        Assert.Null(history.Older(""));
    }

    [Fact]
    public void Newer_AtTheEnd_GivesBackWhatWasTyped()
    {
        var history = new CommandHistory(["a", "b"]);
        history.Older("dra");
        history.Older("ignored");
        Assert.Equal("b", history.Newer());
        Assert.Equal("dra", history.Newer());
        Assert.Null(history.Newer());
    }

    [Fact]
    public void Older_NothingSent_IsNull()
        => Assert.Null(new CommandHistory([]).Older("x"));

    [Fact]
    public void Add_RepetitionOrBlank_AddsNothing()
    {
        var history = new CommandHistory(["a"]);
        history.Add("a");
        history.Add("  ");
        Assert.Equal(["a"], history.Commands);
    }

    [Fact]
    public void Add_AfterWalking_BeginsAtTheEndAgain()
    {
        var history = new CommandHistory(["a", "b"]);
        history.Older("");
        history.Older("");
        history.Add("c");
        Assert.Equal("c", history.Older(""));
    }

    [Fact]
    public void Add_BeyondCapacity_ForgetsOldest()
    {
        var history = new CommandHistory(Enumerable.Range(0, 150).Select(i => $"{i}"));
        Assert.Equal(CommandHistory.Capacity, history.Commands.Count);
        history.Add("new");
        Assert.Equal(CommandHistory.Capacity, history.Commands.Count);
        Assert.Equal("51", history.Commands[0]);
    }
}
