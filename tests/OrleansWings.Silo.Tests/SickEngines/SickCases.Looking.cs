using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>The engine does not say how things are: at the end of a process, when limits are compared, and of an orphan.</summary>
internal static partial class SickCases
{
    // Nothing is said to have ended that may still run; and nobody is left to wonder.
    private static async Task LookAtEndAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var run = host.Worker.State.Run;
        var rule = host.Spoil(call, fault);
        await host.Program.SendAsync("crash 7");
        await host.UntilAsync(() => host.Worker.GetSnapshot().Activity is not null, "the word that nothing is known");
        Assert.True(rule.Hits > 0, "The call was never made.");
        Assert.StartsWith("The Docker engine does not say whether the game still runs", host.Worker.GetSnapshot().Activity, StringComparison.Ordinal);
        if (fault == EngineFault.Refuse)
            Assert.Equal($"The Docker engine does not say whether the game still runs: {Words} It is asked again until it does.", host.Worker.GetSnapshot().Activity);
        Assert.Equal((PowerState.Running, true), (host.Worker.State.Power, host.Worker.State.HasProcess));
        host.Heal(rule);
        await host.UntilAsync(PowerState.Offline);
        Assert.Equal((run, 7, false), (host.Worker.State.Run, host.Worker.State.LastExit!.Code, host.Worker.State.LastExit.WasAskedFor));
        await host.UntilAsync(() => host.Worker.GetSnapshot().Activity is null, "the end of that word");
    }

    // Of a container that somebody gave more memory by hand.
    private static async Task SetLimitsAgainAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        await host.Direct.UpdateAsync(host.Name, ServerContainer.BuildLimits(new ServerLimits { MemoryMiB = 96 }), CancellationToken.None);
        var rule = host.Spoil(call, fault);
        try
        {
            var outcome = Assert.Single(await host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None)).Outcome;
            ReadableText.Assert(outcome);
            Assert.StartsWith("They could not be set again: ", outcome, StringComparison.Ordinal);
            if (fault == EngineFault.Refuse)
                Assert.Contains(Words, outcome, StringComparison.Ordinal);
        }
        catch (EngineUnreachableException e) when (!IsRefused(fault))
        {
            ReadableText.Assert(e.Message);
        }

        Assert.True(rule.Hits > 0, "The call was never made.");
        host.Heal(rule);
        await host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None);
        Assert.Equal(64 << 20, (await host.Direct.InspectAsync(host.Name, CancellationToken.None))!.Limits!.MemoryBytes);
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: true, CancellationToken.None));
    }

    private static async Task LookAtOrphanAsync(SickHost host, SickCall call, EngineFault fault)
    {
        var orphan = await MakeOrphanAsync(host);
        var rule = host.Spoil(call, fault);
        foreach (var ask in (Func<Task>[])[() => host.Orphans.ReadAsync(orphan, CancellationToken.None), () => host.Orphans.RemoveAsync(orphan, CancellationToken.None), () => host.Reconciler.CheckAsync(isDryRun: true, CancellationToken.None)])
            ReadableText.Assert((await Assert.ThrowsAnyAsync<EngineException>(ask)).Message);
        Assert.NotNull(await host.Direct.InspectAsync(orphan, CancellationToken.None));
        host.Heal(rule);
        Assert.Equal(HostFindingKind.OrphanedContainer, Assert.Single(await host.Reconciler.CheckAsync(isDryRun: false, CancellationToken.None)).Kind);
        Assert.NotNull((await host.Orphans.ReadAsync(orphan, CancellationToken.None)).Server);
        Assert.True((await host.Orphans.RemoveAsync(orphan, CancellationToken.None)).IsAccepted);
        Assert.Null(await host.Direct.InspectAsync(orphan, CancellationToken.None));
    }

    private static async Task RemoveOrphanAsync(SickHost host, SickCall call, EngineFault fault)
    {
        var orphan = await MakeOrphanAsync(host);
        var rule = host.Spoil(call, fault);
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => host.Orphans.RemoveAsync(orphan, CancellationToken.None));
        ReadableText.Assert(failure.Message);
        Assert.Equal(IsRefused(fault), failure is not EngineUnreachableException);
        host.Heal(rule);
        // It may be done, though the answer never came; whoever asks again is told that it is gone.
        var isLeft = await host.Direct.InspectAsync(orphan, CancellationToken.None) is not null;
        var again = await host.Orphans.RemoveAsync(orphan, CancellationToken.None);
        Assert.Equal((isLeft, isLeft ? ServerRefusal.None : ServerRefusal.NotFound), (again.IsAccepted, again.Refusal));
        ReadableText.Assert(again.Message);
        Assert.Null(await host.Direct.InspectAsync(orphan, CancellationToken.None));
    }

    // Of this installation and with its files on this host, of a server that nobody knows.
    private static async Task<string> MakeOrphanAsync(SickHost host)
    {
        var server = new ServerId(Guid.CreateVersion7());
        Directory.CreateDirectory(host.Program.Paths.Volume(server));
        var id = await host.Direct.CreateAsync(new ContainerSpec
        {
            Name = server.ToString(),
            Image = RealEngine.Image,
            Labels = new Dictionary<string, string> { [ContainerLabels.Cluster] = $"{host.Cluster:D}", [ContainerLabels.ServerId] = server.ToString(), [ContainerLabels.Kind] = ContainerLabels.KindServer, [ContainerLabels.Run] = "1" },
            Mounts = [new BindMount(host.Program.Paths.Volume(server), ServerContainer.Home, false)],
        }, CancellationToken.None);
        return id.Value;
    }
}
