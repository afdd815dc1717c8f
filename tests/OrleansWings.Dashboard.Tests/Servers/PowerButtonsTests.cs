using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class PowerButtonsTests
{
    [Theory]
    [InlineData(PowerState.Offline, "Start", "Stop", null)]
    [InlineData(PowerState.Starting, "Restart Stop Kill", "Stop", "Kill")]
    [InlineData(PowerState.Running, "Restart Stop Kill", "Stop", "Kill")]
    [InlineData(PowerState.Stopping, "Kill", "Kill", null)]
    public void For_EachState_OnlyWhatMakesSense(PowerState state, string enabled, string inStopsPlace, string? beside)
    {
        var buttons = PowerButtons.For(Snapshots.Of(state));
        Assert.Equal(enabled, string.Join(' ', All(buttons).Where(button => button.IsEnabled).Select(button => button.Action)));
        Assert.Equal(inStopsPlace, buttons.Stop.Action.ToString());
        Assert.Equal(beside, buttons.Kill?.Action.ToString());
    }

    [Theory]
    [InlineData(PowerState.Offline)]
    [InlineData(PowerState.Starting)]
    [InlineData(PowerState.Running)]
    [InlineData(PowerState.Stopping)]
    public void For_Unreachable_OnlyKillAndSaysWhy(PowerState state)
    {
        var buttons = All(PowerButtons.For(Snapshots.Of(state) with { IsReachable = false }));
        Assert.All(buttons.Where(button => button.Action != PowerAction.Kill), button => Assert.Equal("Host eu-1 or its engine does not answer.", button.Reason));
        Assert.Equal(state != PowerState.Offline, buttons.Any(button => button is { Action: PowerAction.Kill, IsEnabled: true }));
    }

    [Fact]
    public void For_Deleted_NothingAndSaysWhy()
        => Assert.All(All(PowerButtons.For(Snapshots.Of(PowerState.Offline) with { IsDeleted = true })), button => Assert.Equal("The server is deleted.", button.Reason));

    [Theory]
    [InlineData(PowerState.Offline)]
    [InlineData(PowerState.Running)]
    public void For_Unclaimed_NothingAndSaysWhatToDo(PowerState state)
        => Assert.All(All(PowerButtons.For(Snapshots.Of(state) with { IsUnclaimed = true })), button => Assert.Equal("The fleet has no record of this server: adopt it first.", button.Reason));

    [Fact]
    public void For_OfflineWithinRestart_CanBeKilledNotStarted()
    {
        var buttons = PowerButtons.For(Snapshots.Of(PowerState.Offline) with { IsRestarting = true });
        Assert.False(buttons.Start.IsEnabled);
        Assert.True(buttons.Kill?.IsEnabled);
    }

    [Theory]
    [InlineData(PowerState.Starting)]
    [InlineData(PowerState.Running)]
    [InlineData(PowerState.Stopping)]
    public void For_AnyProcess_KillIsThereOnce(PowerState state)
        => Assert.Single(All(PowerButtons.For(Snapshots.Of(state))), button => button is { Action: PowerAction.Kill, IsEnabled: true });

    private static IEnumerable<PowerButton> All(PowerButtons buttons)
        => buttons.Kill is { } kill ? [buttons.Start, buttons.Restart, buttons.Stop, kill] : [buttons.Start, buttons.Restart, buttons.Stop];
}
