using Microsoft.Extensions.Time.Testing;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Attaching and starting have thirty seconds together, by the clock of the test, on an engine that says nothing to the one or the other.</summary>
public sealed class PowerWorkerStartTimeTests : HostProgramTests
{
    private readonly FakeTimeProvider _time;

    // The engine lives by the real clock: only what this program waits for stands still.
    public PowerWorkerStartTimeTests()
        : this(new FakeTimeProvider(TimeProvider.System.GetUtcNow()))
    {
    }

    private PowerWorkerStartTimeTests(FakeTimeProvider time)
        : base(time)
        => _time = time;

    [Theory]
    [InlineData("attach")]
    [InlineData("start")]
    public async Task CallIsNeverAnswered_AfterThirtySecondsTheStartIsGivenUp_AndTheNextOneRuns(string call)
    {
        _engine.HeldCall = call;
        await _program.AddAsync();
        await _program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => _engine.Calls.Any(made => made.StartsWith($"{call} ", StringComparison.Ordinal)), $"the {call}");

        _time.Advance(TimeSpan.FromSeconds(29.9));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(PowerState.Starting, _program.Worker.State.Power);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await _program.UntilAsync(PowerState.Offline);
        Assert.Equal("Attaching and starting took longer than 30 seconds.", _program.Worker.State.Problem?.Message);
        Assert.False(_program.Worker.Console.IsAttached);

        _engine.HeldCall = null;
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await _program.UntilAsync(PowerState.Running);
        Assert.Null(_program.Worker.State.Problem);
    }
}
