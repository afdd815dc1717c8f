using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class RetryRuleTests
{
    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(5, 3_200)]
    [InlineData(6, 5_000)]
    [InlineData(int.MaxValue, 5_000)]
    public void Pause_AfterFailures_GrowsToItsEnd(int failures, int milliseconds)
        => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryRule.Pause(failures));

    [Theory]
    [InlineData(1, 1_000, false)]
    [InlineData(2, 119, false)]
    [InlineData(2, 120, true)]
    [InlineData(50, 119, false)]
    [InlineData(50, 121, true)]
    public void IsOver_NeedsTheTimeAndMoreThanOneFailure(int failures, int seconds, bool expected)
        => Assert.Equal(expected, RetryRule.IsOver(failures, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(120)));

    [Fact]
    public void Describe_EachKindOfFailure_SaysWhatIsKnownAndWhatHappensNext()
    {
        const string Next = "The stop is repeated until it does.";
        Assert.Equal($"The Docker engine does not answer. {Next}", RetryRule.Describe(new EngineUnreachableException("cut"), Next));
        Assert.Equal($"The Docker engine does not do it: the disk is full. {Next}", RetryRule.Describe(new EngineException("the disk is full\n"), Next));
        Assert.Equal($"The server's console is not attached. {Next}", RetryRule.Describe(new NotAttachedException("The server's console is not attached."), Next));
    }

    [Fact]
    public void DescribeUnseen_NamesWhatTheEngineSaid_AndNothingThatIsNotKnown()
    {
        Assert.Equal("The Docker engine does not say whether the game still runs. It is asked again until it does.", RetryRule.DescribeUnseen(new EngineUnreachableException("cut")));
        Assert.Equal("The Docker engine does not say whether the game still runs: the disk is full. It is asked again until it does.", RetryRule.DescribeUnseen(new EngineException("the disk is full\n")));
    }

    [Theory]
    [InlineData("no more", "no more.")]
    [InlineData("no more.", "no more.")]
    [InlineData("no more?\n", "no more?")]
    [InlineData("limit to 1 (in use: 2)\n: unknown", "limit to 1 (in use: 2) : unknown.")]
    [InlineData("", "")]
    public void Sentence_HasOneEnd(string words, string expected) => Assert.Equal(expected, RetryRule.Sentence(words));
}
