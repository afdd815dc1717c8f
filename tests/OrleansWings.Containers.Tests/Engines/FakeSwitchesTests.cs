using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>The fake's own switches, which the tests of other projects turn.</summary>
public sealed class FakeSwitchesTests
{
    private readonly FakeContainerEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsAway_LinesAreCutAndCallsFail_UntilItIsBack()
    {
        await StartAsync("a");
        await using var console = new ConsoleTap(await _engine.AttachAsync("a", Token));
        var waiting = _engine.WaitAsync("a", Token);
        _engine.IsAway = true;
        await console.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await Assert.ThrowsAsync<EngineUnreachableException>(() => waiting);
        await Assert.ThrowsAsync<EngineUnreachableException>(() => _engine.InspectAsync("a", Token));

        _engine.IsAway = false;
        Assert.True((await _engine.InspectAsync("a", Token))?.IsRunning);
    }

    [Fact]
    public async Task IsHung_CallFails_WhenItsTimeIsOver()
    {
        var time = new FakeTimeProvider();
        await using var engine = new FakeContainerEngine(time) { IsHung = true };
        var call = engine.GetFactsAsync(Token);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<EngineUnreachableException>(() => call);
    }

    [Fact]
    public async Task Pull_Gated_WaitsAndThenTheImageIsThere()
    {
        var gate = new TaskCompletionSource();
        _engine.AddRemoteImage("game:1", new FakePull { Gate = gate.Task });
        var pulling = _engine.PullImageAsync("game:1", null, null, Token);
        Assert.False(pulling.IsCompleted);
        gate.SetResult();
        await pulling;
        Assert.NotNull(await _engine.InspectImageAsync("game:1", Token));
    }

    [Fact]
    public async Task Program_OfItsOwn_RunsInsteadOfTheGame()
    {
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync($"hello {terminal.Spec.Name}");
            return 5;
        };
        await StartAsync("a");
        Assert.Equal(5, (await _engine.WaitAsync("a", Token))?.Code);
    }

    [Fact]
    public async Task Output_NobodyReads_TheProgramStandsStill()
    {
        var written = 0;
        _engine.Program = async terminal =>
        {
            for (; written < 1000; written++)
                await terminal.WriteAsync(new byte[1024]);
            return 0;
        };
        await _engine.CreateAsync(Spec("a"), Token);
        var attachment = await _engine.AttachAsync("a", Token);
        await _engine.StartAsync("a", Token);
        await Eventually.TrueAsync(() => Volatile.Read(ref written) > 0);
        await Task.Delay(200, Token); // long enough for all of it, were it not held
        Assert.InRange(written, 1, 999);
        await attachment.DisposeAsync();
        Assert.Equal(0, (await _engine.WaitAsync("a", Token))?.Code);
    }

    [Fact]
    public async Task TenThousandContainers_StartedAndKilled_TakeSeconds()
    {
        for (var number = 0; number < 10_000; number++)
            await StartAsync($"c{number}");
        Assert.Equal(10_000, (await _engine.ListAsync("test", Token)).Count(container => container.IsRunning));
        foreach (var container in _engine.Containers)
            Assert.True(await _engine.RemoveAsync(container.Spec.Name, force: true, Token));
        Assert.Empty(_engine.Containers);
    }

    private async Task StartAsync(string name)
    {
        await _engine.CreateAsync(Spec(name), Token);
        await _engine.StartAsync(name, Token);
    }

    private static ContainerSpec Spec(string name) => new() { Name = name, Image = FakeContainerEngine.TestImage, Labels = new Dictionary<string, string> { ["test"] = "1" } };
}
