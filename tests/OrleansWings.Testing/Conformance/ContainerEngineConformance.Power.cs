using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Clusters;
using Xunit;

namespace OrleansWings.Testing.Conformance;

public abstract partial class ContainerEngineConformance
{
    [Fact]
    public async Task Start_AttachedBefore_ConsoleHasTheFirstLine()
    {
        var (name, console) = await RunAsync();
        Assert.StartsWith("Starting game", console.Text, StringComparison.Ordinal);

        var state = await Engine.InspectAsync(name, Token);
        Assert.NotNull(state);
        Assert.True(state.IsRunning);
        Assert.False(state.IsCreated);
        Assert.True(state.ProcessId > 0);
        Assert.NotNull(state.StartedAt);
        Assert.Null(state.Exit);
    }

    [Fact]
    public async Task Start_AlreadyRunning_IsNoFault()
    {
        var (name, _) = await RunAsync();
        await Engine.StartAsync(name, Token);
    }

    [Fact]
    public async Task Start_ExitedContainer_RunsAgain()
    {
        var (name, console) = await RunAsync();
        await EndAsync(name, console, "stop");
        var again = await TapAsync(name);
        await Engine.StartAsync(name, Token);
        await again.WaitForAsync("Done (", Token);
    }

    [Fact]
    public async Task Start_NoSuchContainer_ThrowsContainerMissing()
        => await Assert.ThrowsAsync<ContainerMissingException>(() => Engine.StartAsync(Guid.NewGuid().ToString("D"), Token));

    [Fact]
    public async Task Start_NoSuchNetwork_IsRefusedAndToldByTheState()
    {
        var name = await CreateAsync(NewSpec() with { NetworkMode = "no-such-network" });
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => Engine.StartAsync(name, Token));
        Assert.IsNotType<ContainerMissingException>(failure);
        Assert.Contains("network", failure.Message, StringComparison.Ordinal);
        Assert.Contains("network", (await Engine.InspectAsync(name, Token))?.Exit?.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortHeldByAnotherContainer_ThrowsPortTakenUntilItIsFree()
    {
        var ports = new PortBinding[] { new("127.0.0.1", 28_111) };
        var (holder, console) = await RunAsync(NewSpec() with { NetworkMode = "bridge", Ports = ports });
        var late = await CreateAsync(NewSpec() with { NetworkMode = "bridge", Ports = ports });

        var failure = await Assert.ThrowsAsync<PortTakenException>(() => Engine.StartAsync(late, Token));
        Assert.Equal("127.0.0.1:28111", failure.Port);

        await EndAsync(holder, console, "stop");
        // An engine tells of the end a little before it has taken the port back.
        await Eventually.GetAsync(() => IsTakenAsync(late), isTaken => !isTaken);
    }

    [Theory]
    [InlineData("stop", 0)]
    [InlineData("crash 7", 7)]
    public async Task Wait_ProcessEnds_TellsItsExitCode(string command, int code)
    {
        var (name, console) = await RunAsync();
        var waiting = Engine.WaitAsync(name, Token);
        Assert.False(waiting.IsCompleted);
        await console.TypeAsync(command, Token);

        var exit = await waiting;
        Assert.NotNull(exit);
        Assert.Equal(code, exit.Code);
        Assert.False(exit.IsOutOfMemory);
        Assert.Empty(exit.Error);
        Assert.Equal(exit, await Engine.WaitAsync(name, Token));
        Assert.Equal(exit, (await Engine.InspectAsync(name, Token))?.Exit);
    }

    [Fact]
    public async Task Wait_KernelTookItForWantOfMemory_SaysSo()
    {
        var (name, console) = await RunAsync(NewSpec() with { Limits = new ContainerLimits { MemoryBytes = 32 << 20, MemorySwapBytes = 32 << 20 } });
        var exit = await EndAsync(name, console, "oom");
        Assert.Equal(137, exit.Code);
        Assert.True(exit.IsOutOfMemory);
    }

    [Fact]
    public async Task Wait_NoSuchContainer_IsNull() => Assert.Null(await Engine.WaitAsync(Guid.NewGuid().ToString("D"), Token));

    [Fact]
    public async Task Wait_NeverStarted_IsRefused()
    {
        var name = await CreateAsync();
        await Assert.ThrowsAnyAsync<EngineException>(() => Engine.WaitAsync(name, Token));
    }

    [Fact]
    public async Task Wait_RemovedMeanwhile_IsItsExitOrNull()
    {
        var (name, _) = await RunAsync();
        var waiting = Engine.WaitAsync(name, Token);
        await Engine.RemoveAsync(name, force: true, Token);
        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(30), Token) is null or { Code: 137 });
    }

    [Fact]
    public async Task Wait_Cancelled_ThrowsAtOnce()
    {
        var (name, _) = await RunAsync();
        using var cancelling = new CancellationTokenSource();
        var waiting = Engine.WaitAsync(name, cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Theory]
    [InlineData("SIGKILL", 137)]
    [InlineData("SIGINT", 130)]
    [InlineData("SIGTERM", 143)]
    [InlineData("9", 137)]
    public async Task Kill_Running_EndsWithTheSignalsCode(string signal, int code)
    {
        var (name, _) = await RunAsync();
        Assert.True(await Engine.KillAsync(name, signal, Token));
        Assert.Equal(code, (await Engine.WaitAsync(name, Token))?.Code);
        Assert.False(await Engine.KillAsync(name, signal, Token));
    }

    [Fact]
    public async Task Kill_NothingRuns_IsFalse()
    {
        Assert.False(await Engine.KillAsync(await CreateAsync(), "SIGKILL", Token));
        Assert.False(await Engine.KillAsync(Guid.NewGuid().ToString("D"), "SIGKILL", Token));
    }

    [Fact]
    public async Task Stop_GameListens_EndsByItsOwnHand()
    {
        var (name, _) = await RunAsync();
        Assert.True(await Engine.StopAsync(name, TimeSpan.FromSeconds(30), Token));
        Assert.Equal(143, (await Engine.InspectAsync(name, Token))?.Exit?.Code);
    }

    [Fact]
    public async Task Stop_GameIgnoresIt_IsKilledAfterTheGrace()
    {
        var (name, console) = await RunAsync();
        await console.TypeAsync("ignore", Token);
        await console.WaitForAsync("ignoring signals", Token);
        Assert.True(await Engine.StopAsync(name, TimeSpan.Zero, Token));
        Assert.Equal(137, (await Engine.InspectAsync(name, Token))?.Exit?.Code);
    }

    [Fact]
    public async Task Stop_NothingRuns_IsFalse()
    {
        Assert.False(await Engine.StopAsync(await CreateAsync(), TimeSpan.FromSeconds(1), Token));
        Assert.False(await Engine.StopAsync(Guid.NewGuid().ToString("D"), TimeSpan.FromSeconds(1), Token));
    }

    private async Task<bool> IsTakenAsync(string name)
    {
        try
        {
            await Engine.StartAsync(name, Token);
            return false;
        }
        catch (PortTakenException)
        {
            return true;
        }
    }
}
