using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

/// <summary>A host compared with a real engine, by what somebody did to it with the docker command.</summary>
[Trait("Needs", "Docker")]
public sealed class HostReconcilerOnEngineTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_NetworkGone_IsMadeAgain_AndTheServerStarts()
    {
        RealEngine.Require();
        var network = HostOnEngine.NewNetworkName();
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = network });
        await host.StartAsync();
        await host.EndAsync(PowerAction.Stop);
        await host.Docker.RunAsync("network", "rm", network);

        Assert.Equal((HostFindingKind.MissingNetwork, ""), Said(Assert.Single(await host.Reconciler.CheckAsync(isDryRun: true, s_token))));
        Assert.Null(await host.Engine.InspectNetworkAsync(network, s_token));
        Assert.Equal((HostFindingKind.MissingNetwork, "It was made again."), Said(Assert.Single(await host.Reconciler.CheckAsync(isDryRun: false, s_token))));
        Assert.NotNull(await host.Engine.InspectNetworkAsync(network, s_token));
        await host.StartAsync();
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: false, s_token));
    }

    [Fact]
    public async Task Check_SecondContainerOfAServer_IsRemoved_AndOneOfAnotherInstallationStays()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync();
        await host.EndAsync(PowerAction.Stop);
        await host.StartAsync();
        var (second, others) = ($"second-{host.Name[^8..]}", $"others-{host.Name[^8..]}");
        await CreateAsync(host, second, host.Cluster);
        await CreateAsync(host, others, Guid.NewGuid());
        try
        {
            var found = Assert.Single(await host.Reconciler.CheckAsync(isDryRun: true, s_token));
            Assert.Equal((HostFindingKind.DoubledContainer, ""), Said(found));
            Assert.Contains($"Container {second} is a second one of its server", found.Text, StringComparison.Ordinal);
            Assert.Equal("created", await host.Docker.StatusAsync(second));

            Assert.Equal((HostFindingKind.DoubledContainer, "It was removed."), Said(Assert.Single(await host.Reconciler.CheckAsync(isDryRun: false, s_token))));
            Assert.Equal((null, "created", "running"), (await host.Docker.StatusAsync(second), await host.Docker.StatusAsync(others), await host.Docker.StatusAsync(host.Name)));
        }
        finally
        {
            await host.Docker.RemoveAsync([others]);
        }
    }

    [Fact]
    public async Task Engine_IsBack_WhatWasDoneMeanwhileIsRepairedAtOnce()
    {
        await using var proxy = new EngineProxy(RealEngine.Require());
        // No minute ever passes: only the return is left as a reason to look.
        await using var host = await HostOnEngine.OpenAsync(way: new DockerContainerEngine(proxy.Address), time: new EndlessMinutes());
        await host.Reconciler.StartAsync(s_token);
        await host.StartAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = 64 } });
        var away = proxy.All(EngineFault.Cut, "");
        proxy.Cut("");
        await host.UntilAsync(() => !host.Program.Watch.IsReachable, "the engine's absence");
        await host.Docker.RunAsync("update", "--memory", "96m", "--memory-swap", "96m", host.Name);

        away.End();

        long? memory = null;
        await host.UntilAsync(() => (memory = host.Engine.InspectAsync(host.Name, s_token).GetAwaiter().GetResult()?.Limits?.MemoryBytes) == 64 << 20, $"the limit, which is {memory}");
        // Not every engine can limit swap; what it cannot is not compared.
        var changed = host.Program.Watch.Facts!.HasSwapLimit ? "(memory, swap)" : "(memory)";
        await host.UntilAsync(() => host.Program.Ledger.ReadEvents(host.Program.Server).Any(one => one.Text.StartsWith($"The limits had been changed outside of OrleansWings {changed}", StringComparison.Ordinal)), "the history");
        await host.Reconciler.StopAsync(s_token);
    }

    private static Task CreateAsync(HostOnEngine host, string name, Guid cluster) => host.Docker.RunAsync(
        "create", "--name", name, "--label", $"{ContainerLabels.Cluster}={cluster:D}", "--label", $"{ContainerLabels.Kind}={ContainerLabels.KindServer}",
        "--label", $"{ContainerLabels.ServerId}={host.Name}", "--label", $"{ContainerLabels.Run}=1", "--label", $"{ContainerLabels.Epoch}=1", RealEngine.Image, "game");

    private static (HostFindingKind, string) Said(HostFinding finding) => (finding.Kind, finding.Outcome);

    // All that waits less goes by the system's clock.
    private sealed class EndlessMinutes : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => base.CreateTimer(callback, state, dueTime == TimeSpan.FromMinutes(1) ? Timeout.InfiniteTimeSpan : dueTime, period);
    }
}
