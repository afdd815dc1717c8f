using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>An engine that goes, comes back, or stands still, under one and the same object.</summary>
[Trait("Needs", "Docker")]
public sealed class EngineAwayTests : ContainerEngineRunner
{
    private PrivateEngine _private = null!;

    public override async ValueTask InitializeAsync()
    {
        RealEngine.Require();
        _private = await PrivateEngine.StartAsync(RealEngine.NameOfOwn("away"), Token);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        // The containers go with their engine.
        if (Engine is not null)
            await Engine.DisposeAsync();
        if (_private is not null)
            await _private.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override ValueTask<IContainerEngine> OpenEngineAsync()
        => ValueTask.FromResult<IContainerEngine>(new DockerContainerEngine(_private.Address, new EngineTimeouts { Call = TimeSpan.FromSeconds(3), Change = TimeSpan.FromSeconds(30) }));

    [Fact]
    public async Task Calls_EngineStoppedAndStartedAgain_FailThenWork()
    {
        var (name, console) = await RunAsync();
        var events = Engine.WatchEventsAsync(OwnLabel, Token).GetAsyncEnumerator(Token);
        await using var ending = events;
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync().AsTask();

        await _private.StopAsync(Token);
        await console.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await Assert.ThrowsAsync<EngineUnreachableException>(async () => { while (await next) next = events.MoveNextAsync().AsTask(); });
        await Assert.ThrowsAsync<EngineUnreachableException>(() => Engine.GetFactsAsync(Token));
        await Assert.ThrowsAsync<EngineUnreachableException>(() => Engine.StartAsync(name, Token));
        await Assert.ThrowsAsync<EngineUnreachableException>(() => Engine.AttachAsync(name, Token));
        await Assert.ThrowsAsync<EngineUnreachableException>(() => Engine.ListAsync(OwnLabel, Token));
        await Assert.ThrowsAsync<EngineUnreachableException>(() => Engine.PullImageAsync("x:1", null, null, Token));
        await Assert.ThrowsAsync<EngineUnreachableException>(async () => await console.TypeAsync("anybody", Token));

        await _private.StartAgainAsync(Token);
        Assert.False((await Engine.InspectAsync(name, Token))?.IsRunning);
        var again = await TapAsync(name);
        await Engine.StartAsync(name, Token);
        await again.WaitForAsync("Done (", Token);
    }

    [Fact]
    public async Task Wait_EngineCrashes_ThrowsUnreachable()
    {
        var (name, _) = await RunAsync();
        var waiting = Engine.WaitAsync(name, Token);
        await _private.CrashAsync(Token);
        await Assert.ThrowsAsync<EngineUnreachableException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), Token));

        // What the crash left behind (its pid file, containerd, the game) is no obstacle.
        await _private.StartAgainAsync(Token);
        Assert.NotNull(await Engine.InspectAsync(name, Token));
    }

    [Fact]
    public async Task Calls_EngineStandsStill_FailInTimeThenWork()
    {
        var (name, console) = await RunAsync();
        await _private.FreezeAsync(Token);
        try
        {
            var failure = await Assert.ThrowsAsync<EngineUnreachableException>(() => Engine.InspectAsync(name, Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
            Assert.Contains("did not answer within 3 s", failure.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<EngineUnreachableException>(() => Engine.AttachAsync(name, Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        }
        finally
        {
            await _private.ThawAsync(CancellationToken.None);
        }

        Assert.True((await Engine.InspectAsync(name, Token))?.IsRunning);
        await console.TypeAsync("still attached", Token);
        await console.WaitForAsync("Unknown command: still attached", Token);
    }

    [Fact]
    public async Task Address_Tcp_DoesTheSame()
    {
        // The private engine listens on a socket only: the proxy makes it an address, as a remote engine's would be.
        await using var proxy = new EngineProxy(_private.Address, isTcp: true);
        await using var engine = new DockerContainerEngine(proxy.Address);
        var spec = NewSpec();
        await engine.CreateAsync(spec, Token);
        await using var console = new ConsoleTap(await engine.AttachAsync(spec.Name, Token));
        await engine.StartAsync(spec.Name, Token);
        await console.WaitForAsync("Done (", Token);
        await console.TypeAsync("stop", Token);
        Assert.Equal(0, (await engine.WaitAsync(spec.Name, Token))?.Code);
    }
}
