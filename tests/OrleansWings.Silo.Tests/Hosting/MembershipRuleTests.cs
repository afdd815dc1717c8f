using OrleansWings.Silo.Hosting;

namespace OrleansWings.Silo.Tests.Hosting;

public sealed class MembershipRuleTests
{
    private static readonly TimeSpan s_alone = MembershipRule.Alone;

    [Fact]
    public void A_member_goes_on_however_long_nobody_else_answers()
        => Assert.Null(MembershipRule.WhyEnd(MembershipLook.Member, 0, TimeSpan.Zero, TimeSpan.MaxValue, hasOthers: true));

    [Fact]
    public void Declared_dead_it_ends_at_once()
        => Assert.Contains("declared it dead", MembershipRule.WhyEnd(MembershipLook.Dead, 0, TimeSpan.Zero, TimeSpan.Zero, hasOthers: true), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Without_an_entry_it_ends_when_that_was_seen_twice(int misses, bool ends)
        => Assert.Equal(ends, MembershipRule.WhyEnd(MembershipLook.Missing, misses, TimeSpan.Zero, TimeSpan.Zero, hasOthers: true) is not null);

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(-1, true, false)] // the others may not have given it up: the store says
    [InlineData(15, true, true)]
    [InlineData(16, false, false)] // there is nobody who could have
    public void Stood_still_it_ends_when_it_must_have_been_given_up(int seconds, bool hasOthers, bool ends)
    {
        var pause = seconds < 0 ? s_alone - TimeSpan.FromSeconds(-seconds) : TimeSpan.FromSeconds(seconds);
        var why = MembershipRule.WhyEndAfter(pause, hasOthers);

        Assert.Equal(ends, why is not null);
        if (ends)
            Assert.StartsWith($"It stood still for {seconds} s", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, true, true)]
    [InlineData(1, 1, true, true)]
    [InlineData(-1, 0, true, false)] // the store was away for less
    [InlineData(0, -1, true, false)] // somebody answers, so the others have not given it up
    [InlineData(100, -15, true, false)]
    [InlineData(100, 100, false, false)] // there is nobody who could have
    public void Without_the_store_it_ends_only_when_nobody_else_was_heard_either(int store, int silo, bool hasOthers, bool ends)
    {
        var why = MembershipRule.WhyEnd(MembershipLook.NotAsked, 0, s_alone + TimeSpan.FromSeconds(store), s_alone + TimeSpan.FromSeconds(silo), hasOthers);

        Assert.Equal(ends, why is not null);
        if (ends)
            Assert.Contains("cut off", why, StringComparison.Ordinal);
    }
}
