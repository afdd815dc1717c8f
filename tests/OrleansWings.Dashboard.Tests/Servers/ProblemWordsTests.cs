using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ProblemWordsTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_Problem_IsItsMessage()
        => Assert.Equal("No such image.", ProblemWords.Of(Snapshots.Of(PowerState.Offline) with { Problem = new ServerProblem("No such image.", s_at) })?.Text);

    [Fact]
    public void Of_ExitNobodyAskedFor_IsSaid()
        => Assert.Contains("exit code 3", ProblemWords.Of(Snapshots.Of(PowerState.Offline) with { LastExit = new ServerExit(3, false, s_at, false) })?.Text, StringComparison.Ordinal);

    [Fact]
    public void Standing_ReasonOfTheStopItself_StaysUntilTheNextStart()
        => Assert.NotNull(ProblemWords.Standing(Snapshots.Of(PowerState.Offline) with
        {
            Problem = new ServerProblem("Full.", s_at) { IsStopReason = true },
            LastExit = new ServerExit(0, false, s_at.AddSeconds(9), true),
        }));

    [Fact]
    public void Of_ExitAskedFor_IsNoProblem()
        => Assert.Null(ProblemWords.Of(Snapshots.Of(PowerState.Offline) with { LastExit = new ServerExit(143, false, s_at, true) }));

    [Theory]
    [InlineData(PowerState.Offline, 60, true, true)]
    [InlineData(PowerState.Offline, -60, true, false)]
    [InlineData(PowerState.Offline, 60, false, false)]
    [InlineData(PowerState.Running, 60, true, false)]
    public void Standing_ProblemOfBefore_GoesWhenAPersonHasEndedTheServer(PowerState state, int secondsAfter, bool wasAskedFor, bool isOver)
    {
        var snapshot = Snapshots.Of(state) with
        {
            Problem = new ServerProblem("It crashed. It was started again.", s_at),
            LastExit = new ServerExit(137, false, s_at.AddSeconds(secondsAfter), wasAskedFor),
        };
        Assert.Equal(isOver, ProblemWords.Standing(snapshot) is null);
        Assert.Equal(isOver, ProblemWords.Of(snapshot) is null);
    }

    [Fact]
    public void Of_RunsAgain_IsNoProblem()
        => Assert.Null(ProblemWords.Of(Snapshots.Of(PowerState.Running) with { LastExit = new ServerExit(3, false, s_at, false) }));

    [Theory]
    [InlineData(137, true, false, "wanted more memory than its limit (exit code 137)")]
    [InlineData(137, true, true, "was killed (exit code 137). The kernel had ended it, or one of its processes, because")]
    [InlineData(3, true, false, "ended with exit code 3. The console's last lines may say why. The kernel had ended one of its processes before because")]
    [InlineData(0, true, true, "ended (exit code 0). The kernel had ended one")]
    [InlineData(139, false, false, "ended by SIGSEGV (exit code 139)")]
    [InlineData(137, false, true, "was killed (exit code 137)")]
    [InlineData(137, false, false, "ended by SIGKILL")]
    [InlineData(127, false, false, "not found in the image")]
    [InlineData(-1, false, false, "removed by somebody else")]
    [InlineData(0, false, false, "ended by itself, with exit code 0")]
    [InlineData(0, false, true, "ended (exit code 0)")]
    public void Say_EachEnd_InWords(int code, bool isOutOfMemory, bool wasAskedFor, string expected)
        => Assert.Contains(expected, ProblemWords.Say(new ServerExit(code, isOutOfMemory, s_at, wasAskedFor)), StringComparison.Ordinal);
}
