using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Silo.Usages;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Usages;

/// <summary>The round of measuring is the host's sign of life: an engine that hangs must not hold it up.</summary>
public sealed class UsageSamplerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeContainerEngine _engine = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_EngineHangsAndItIsNotKnownYet_TheRoundEndsAllTheSameAndLaterRoundsMeasure()
    {
        await using var program = await RunAsync();
        await using var sampler = Sampler(program);
        _engine.CallDelay = TimeSpan.FromMinutes(10);
        var watch = Stopwatch.StartNew();

        // As after a start of the program: nothing is known of any container.
        Assert.Empty(await sampler.SampleAsync(TestContext.Current.CancellationToken));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));

        _engine.CallDelay = TimeSpan.Zero;
        await HostProgram.UntilAsync(() => program.Watch.IsReachable, "the engine");
        Assert.Single(await sampler.SampleAsync(TestContext.Current.CancellationToken));
        _engine.CallDelay = TimeSpan.FromMinutes(10);
        // Known by now, and the kernel's files need no engine.
        Assert.Single(await sampler.SampleAsync(TestContext.Current.CancellationToken));
        _engine.CallDelay = TimeSpan.Zero;
    }

    [Fact]
    public async Task Sample_EngineWithoutGroupsOfTheKernel_IsNotAskedForItsZeros()
    {
        _engine.Facts = _engine.Facts with { CgroupDriver = "none" };
        await using var program = await RunAsync();
        await using var sampler = new UsageSampler(program.Servers, new NoFiles(), TimeProvider.System, NullLogger<UsageSampler>.Instance);

        for (var i = 0; i < 3; i++)
            Assert.Empty(await sampler.SampleAsync(TestContext.Current.CancellationToken));

        Assert.DoesNotContain(_engine.Calls, call => call.StartsWith("usage", StringComparison.Ordinal) || call.StartsWith("stats", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sample_EngineIsKnownToBeAway_IsNotAsked()
    {
        await using var program = await RunAsync();
        await using var sampler = Sampler(program);
        var before = Asked();
        _engine.IsAway = true;
        await HostProgram.UntilAsync(() => !program.Watch.IsReachable, "that the engine is away");
        // The server's own: its terminal has ended, so it looks once, in vain, and then waits for the engine.
        await HostProgram.UntilAsync(() => Asked() > before, "the server's look");
        var asked = Asked();

        for (var i = 0; i < 3; i++)
            Assert.Empty(await sampler.SampleAsync(TestContext.Current.CancellationToken));

        Assert.Equal(asked, Asked());
        _engine.IsAway = false;
    }

    [Fact]
    public async Task ReadEngine_StreamFallsSilent_SaysNothingOldAndIsOpenedAnew()
    {
        // Its own clock stands still: each stream says one thing and then nothing more.
        await using var engine = new FakeContainerEngine(new FakeTimeProvider());
        await engine.CreateAsync(new ContainerSpec { Name = "one", Image = FakeContainerEngine.TestImage }, TestContext.Current.CancellationToken);
        await engine.StartAsync("one", TestContext.Current.CancellationToken);
        var time = new FakeTimeProvider();
        var track = new UsageTrack();
        await HostProgram.UntilAsync(() => track.ReadEngine(engine, "one", time) is not null, "the first counters");

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.NotNull(track.ReadEngine(engine, "one", time));
        Assert.Single(engine.Calls, call => call == "usage one");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(track.ReadEngine(engine, "one", time));

        await HostProgram.UntilAsync(() => track.ReadEngine(engine, "one", time) is not null, "the counters of a second stream");
        Assert.Equal(2, engine.Calls.Count(call => call == "usage one"));
        await track.EndAsync();
    }

    private int Asked() => _engine.Calls.Count(call => call.StartsWith("inspect ", StringComparison.Ordinal));

    private UsageSampler Sampler(HostProgram program) => new(program.Servers, new FakeUsageReader(_engine), TimeProvider.System, NullLogger<UsageSampler>.Instance);

    private async Task<HostProgram> RunAsync()
    {
        var program = new HostProgram(_folder.Path, _engine);
        await program.ResumedAsync();
        await program.AddAsync();
        await program.AskAsync(PowerAction.Start);
        await program.UntilAsync(PowerState.Running);
        return program;
    }
}
