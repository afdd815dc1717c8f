using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>What goes on after the program was killed, state by state.</summary>
public sealed class PowerResumeTests
{
    [Theory]
    [InlineData("offline", PowerEffects.None)]
    [InlineData("starting", PowerEffects.BeginStart)]
    [InlineData("starting with process", PowerEffects.None)]
    [InlineData("running", PowerEffects.None)]
    [InlineData("stopping", PowerEffects.SendStop)]
    [InlineData("stopping without process", PowerEffects.Kill)]
    [InlineData("restarting", PowerEffects.SendStop)]
    [InlineData("restarting without process", PowerEffects.Kill)]
    [InlineData("killing", PowerEffects.Kill)]
    [InlineData("killing without process", PowerEffects.Kill)]
    public void Resumed_InEachState_GoesOnAndChangesNothing(string name, PowerEffects effects)
    {
        var state = ServerSamples.In(name);

        Assert.Equal(new PowerTransition(state, effects), state.Next(new PowerInput.Resumed()));
    }

    [Theory]
    [InlineData(0, PowerEffects.Delete)]
    [InlineData(2, PowerEffects.Delete)]
    [InlineData(4, PowerEffects.None)]
    public void Resumed_WhenDeletedAndOffline_CarriesOutWhatIsLeft(long deletedVersion, PowerEffects effects)
    {
        var state = ServerSamples.DeletedIn("offline") with { DeletedVersion = deletedVersion };

        Assert.Equal(new PowerTransition(state, effects), state.Next(new PowerInput.Resumed()));
    }

    [Fact]
    public void Resumed_WhenDeletedAndStopping_GoesOnStopping()
    {
        Assert.Equal(PowerEffects.SendStop, ServerSamples.DeletedIn("stopping").Next(new PowerInput.Resumed()).Effects);
        Assert.Equal(PowerEffects.Kill, ServerSamples.DeletedIn("killing").Next(new PowerInput.Resumed()).Effects);
    }
}
