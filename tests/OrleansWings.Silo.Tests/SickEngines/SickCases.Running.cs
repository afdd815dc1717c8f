using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Usages;
using OrleansWings.Silo.Usages;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.SickEngines;

internal static partial class SickCases
{
    private static bool IsRefused(EngineFault fault) => fault is EngineFault.Refuse or EngineFault.Garbage;

    private static async Task UpdateAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var rule = host.Spoil(call, fault);
        var wished = host.Worker.State.Assignment.Version + 100;
        await WishAsync(host, (int)wished);
        await host.UntilAsync(() => host.Worker.GetSnapshot().LimitProblem is not null, "a problem of the limits");
        if (fault == EngineFault.Refuse)
            Assert.Equal("The Docker engine refused the new memory (the engine has a headache).", host.Worker.GetSnapshot().LimitProblem);
        if (fault is EngineFault.Silence or EngineFault.Swallow)
            Assert.Equal("The Docker engine did not say within 10 seconds whether it set the new limits.", host.Worker.GetSnapshot().LimitProblem);
        Assert.Equal(PowerState.Running, host.Worker.State.Power);
        host.Heal(rule);

        await WishAsync(host, (int)wished + 1);
        await host.UntilAsync(() => host.Worker.State.AppliedLimits!.MemoryMiB == wished + 1 && host.Worker.GetSnapshot().LimitProblem is null, "the limits");
        Assert.Equal((wished + 1) << 20, (await host.Direct.InspectAsync(host.Name, CancellationToken.None))!.Limits!.MemoryBytes);
    }

    private static Task WishAsync(SickHost host, int memoryMiB)
        => host.Program.AddAsync(host.Worker.State.Assignment.Spec with { Limits = new ServerLimits { MemoryMiB = memoryMiB } }, host.Worker.State.Assignment.Version + 1);

    private static async Task AttachAgainAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var rule = host.Spoil(call, fault);
        host.Proxy.Cut("/attach?");
        await rule.Reached;
        // Cut in the middle, it is attached for as long as the game says nothing.
        if (fault != EngineFault.CutBody)
        {
            var refused = await host.Worker.SendCommandAsync("hello", CancellationToken.None);
            Assert.Equal((ServerRefusal.NotAttached, "The server's console is being attached again. Send the command once more in a moment."), (refused.Refusal, refused.Message));
        }

        Assert.Equal(PowerState.Running, host.Worker.State.Power);
        host.Heal(rule);
        await host.UntilAsync(() => host.Worker.Console.IsAttached, "the console");
        await host.Program.SendAsync($"after {fault}");
        await host.UntilAsync(() => host.Worker.Console.ReadText(50).Any(line => line.Contains($"Unknown command: after {fault}", StringComparison.Ordinal)), "the answer");
    }

    // A terminal that ends is the end of the process or a lost line: the engine is asked which.
    private static async Task WaitAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var rule = host.Spoil(call, fault);
        host.Proxy.Cut("/attach?");
        await rule.Reached;
        await host.UntilAsync(() => host.Worker.Console.IsAttached, "the console, though nobody says whether the process has ended");
        Assert.Equal(PowerState.Running, host.Worker.State.Power);
        host.Heal(rule);
    }

    private static async Task JoinAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var before = Gaps(host).Count;
        var rule = host.Spoil(call, fault);
        host.Proxy.Cut("/attach?");
        await rule.Reached;
        await host.UntilAsync(() => host.Worker.Console.IsAttached && Gaps(host).Count > before, "the word that something may be missing");
        ReadableText.Assert(ConsoleText.WithoutAnsi(Gaps(host)[^1]));
        Assert.Equal(PowerState.Running, host.Worker.State.Power);
        host.Heal(rule);
        await host.Program.SendAsync($"after {fault}");
        await host.UntilAsync(() => host.Worker.Console.ReadText(50).Any(line => line.Contains($"Unknown command: after {fault}", StringComparison.Ordinal)), "the answer");
    }

    private static IReadOnlyList<string> Gaps(SickHost host) => [.. host.Worker.Console.ReadText(200).Where(line => line.Contains("Output may be missing here", StringComparison.Ordinal))];

    private static async Task WatchAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var changes = 0;
        host.Program.Watch.Changed += _ => Interlocked.Increment(ref changes);
        var rule = host.Spoil(call, fault);
        host.Proxy.Cut("/events?");
        await rule.Reached;
        // A stream that is taken and says nothing cannot be told from one of an engine on which nothing happens.
        if (call.Name != "events" || fault is not (EngineFault.Silence or EngineFault.CutBody))
        {
            await host.UntilAsync(() => rule.Hits > 3 && !host.Program.Watch.IsReachable, "the word that the engine is away");
            ReadableText.Assert(host.Program.Watch.Problem);
            // Not there and away again with each try.
            Assert.InRange(changes, 1, rule.Hits + 1);
            ReadableText.Assert((await host.Program.Worker.SendCommandAsync("hello", CancellationToken.None)).Message);
        }

        // The end of the process is heard on its terminal, whatever the events say.
        if (fault == EngineFault.Silence)
        {
            await host.Program.SendAsync("crash 5");
            await host.UntilAsync(PowerState.Offline);
            Assert.Equal(5, host.Worker.State.LastExit!.Code);
        }

        // What only an event would tell is found by the minute's look.
        if (call.Name == "events" && fault == EngineFault.Silence)
        {
            await host.Direct.StartAsync(host.Name, CancellationToken.None);
            await host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None);
            await host.UntilAsync(PowerState.Running);
        }

        if (!host.Program.Watch.IsReachable)
        {
            var refused = await host.Program.AskAsync(PowerAction.Start);
            Assert.Equal(host.Worker.State.Power == PowerState.Offline ? ServerRefusal.EngineUnreachable : ServerRefusal.AlreadyRunning, refused.Refusal);
            ReadableText.Assert(refused.Message);
        }

        host.Heal(rule);
        await host.UntilAsync(() => host.Program.Watch.IsReachable, "the engine");
    }

    private static async Task MeasureAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        await using var sampler = new UsageSampler(host.Program.Servers, new NoFiles(), new HurriedTime(5), NullLogger<UsageSampler>.Instance);
        var rule = host.Spoil(call, fault);
        // Each round ends, with nothing in it that was not measured.
        for (var i = 0; i < 3 || (rule.Hits == 0 && i < 300); i++)
        {
            Assert.Empty(await sampler.SampleAsync(CancellationToken.None));
            await Task.Delay(100, CancellationToken.None);
        }

        Assert.True(rule.Hits > 0, "The call was never made.");
        host.Heal(rule);
        await Eventually.GetAsync(() => sampler.SampleAsync(CancellationToken.None), samples => samples.Length == 1);
    }

    private static async Task CompareAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var rule = host.Spoil(call, fault);
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None));
        ReadableText.Assert(failure.Message);
        Assert.Equal(IsRefused(fault), failure is not EngineUnreachableException);
        host.Heal(rule);
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None));
    }

    // Of a server that sent from an address of its own; its last container is gone, and the bridge could not be removed with it.
    private static async Task RemoveBridgeAsync(SickHost host, SickCall call, EngineFault fault)
    {
        var ip = $"192.0.2.{(int)fault + 1}";
        var name = OutgoingNetworks.NameOf(ip);
        (await host.Program.Servers.Host.Outgoing.EnsureAsync(ip, CancellationToken.None)).Dispose();
        // It is not removed when it is first seen.
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None));
        var rule = host.Spoil(call, fault);
        var failure = await Record.ExceptionAsync(() => host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None));
        Assert.True(rule.Hits > 0, "The call was never made.");
        if (!IsRefused(fault))
            ReadableText.Assert(Assert.IsType<EngineUnreachableException>(failure).Message);
        else
            Assert.Null(failure);
        host.Heal(rule);
        await host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None);
        Assert.Null(await host.Direct.InspectNetworkAsync(name, CancellationToken.None));
    }

    // A stranger renames the container of a game that runs: it gets its name back, sooner or later, and goes on.
    private static async Task RenameAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var container = Assert.Single(await host.ContainersAsync()).Id;
        var rule = host.Spoil(call, fault);
        await host.Direct.RenameAsync(container.Value, $"stranger-{Guid.NewGuid():N}", CancellationToken.None);
        await rule.Reached;
        Assert.Equal(PowerState.Running, host.Worker.State.Power);
        host.Heal(rule);
        // A call that nothing comes of is waited for to its own end.
        await host.UntilAsync(() => host.Direct.InspectAsync(host.Name, CancellationToken.None).GetAwaiter().GetResult()?.Id == container, "its name");
        Assert.Equal((PowerState.Running, true), (host.Worker.State.Power, host.Worker.State.HasProcess));
    }

    // On request of a person: who asks is told.
    private static async Task ImagesAsync(SickHost host, SickCall call, EngineFault fault)
    {
        var name = $"ows-{Guid.NewGuid():N}:1";
        await HostCommand.RunAsync("docker", ["-H", RealEngine.Require().ToString(), "tag", RealEngine.Image, name], CancellationToken.None);
        var rule = host.Spoil(call, fault);
        var failure = await Assert.ThrowsAnyAsync<EngineException>(AskAsync);
        ReadableText.Assert(failure.Message);
        Assert.Equal(IsRefused(fault), failure is not EngineUnreachableException);
        if (fault == EngineFault.Refuse)
            Assert.Contains(Words, failure.Message, StringComparison.Ordinal);
        host.Heal(rule);
        await AskAsync();
        await host.Direct.RemoveImageAsync(name, CancellationToken.None);

        Task AskAsync() => call.Name == "list images"
            ? host.Program.Engine.ListStoredImagesAsync(CancellationToken.None)
            : host.Program.Engine.RemoveImageAsync(name, CancellationToken.None);
    }
}
