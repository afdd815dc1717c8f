using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

/// <summary>A host compared with its engine: looked only, then repaired.</summary>
public sealed class HostReconcilerTests : IAsyncLifetime
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    private readonly TempFolder _folder = new();
    private readonly FakeContainerEngine _engine = new();
    private readonly HostProgram _program;
    private readonly HostReconciler _reconciler;

    public HostReconcilerTests()
    {
        _program = new HostProgram(_folder.Path, _engine);
        _reconciler = new HostReconciler(_program.Servers, new OrphanedContainers(_program.Servers), TimeProvider.System, NullLogger<HostReconciler>.Instance);
    }

    private string Name => ServerSamples.Id.ToString();

    public async ValueTask InitializeAsync()
    {
        await _program.ResumedAsync();
        await _program.AddAsync(HostProgram.Game with { Limits = new ServerLimits { CpuPercent = 100 } });
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
    }

    public async ValueTask DisposeAsync()
    {
        (_engine.IsAway, _engine.Fault) = (false, null);
        _reconciler.Dispose();
        await _program.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Check_AllIsWell_FindsNothing() => Assert.Empty(await _reconciler.CheckAsync(isDryRun: false, s_token));

    [Fact]
    public async Task Check_NetworkGone_IsMadeAgain_ButNotWhenItOnlyLooks()
    {
        // A network with a running container on it cannot go.
        await _program.AskAsync(PowerAction.Kill);
        await _program.UntilAsync(PowerState.Offline);
        await _engine.RemoveNetworkAsync("orleanswings0", s_token);
        Assert.Equal(("The servers' network orleanswings0 is gone.", ""), Said(Assert.Single(await _reconciler.CheckAsync(isDryRun: true, s_token))));
        Assert.Null(await _engine.InspectNetworkAsync("orleanswings0", s_token));

        Assert.Equal("It was made again.", Assert.Single(await _reconciler.CheckAsync(isDryRun: false, s_token)).Outcome);
        Assert.NotNull(await _engine.InspectNetworkAsync("orleanswings0", s_token));
        Assert.Empty(await _reconciler.CheckAsync(isDryRun: false, s_token));
    }

    [Fact]
    public async Task Check_LimitsChangedByAStranger_AreSetAgain_AndTheHistorySaysSo()
    {
        await _engine.UpdateAsync(Name, new ContainerLimits { CpuQuota = 5_000, ProcessLimit = 512 }, s_token);
        Assert.Equal(HostFindingKind.ChangedLimits, Assert.Single(await _reconciler.CheckAsync(isDryRun: true, s_token)).Kind);
        Assert.Equal(5_000, _engine.Find(Name)!.Spec.Limits.CpuQuota);

        Assert.Equal("They were set again.", Assert.Single(await _reconciler.CheckAsync(isDryRun: false, s_token)).Outcome);
        Assert.Equal(100_000, _engine.Find(Name)!.Spec.Limits.CpuQuota);
        await HostProgram.UntilAsync(() => _program.Ledger.ReadEvents(ServerSamples.Id)[0].Text == "The limits had been changed outside of OrleansWings (CPU limit) and were set again.", "the history");
    }

    [Fact]
    public async Task Check_WhatCannotBeTakenAway_IsNamed()
    {
        await _engine.UpdateAsync(Name, new ContainerLimits { MemoryBytes = 128 << 20, CpuQuota = 100_000, ProcessLimit = 512 }, s_token);
        Assert.Equal("What cannot be taken away from a running container goes at its next start: memory.", Assert.Single(await _reconciler.CheckAsync(isDryRun: false, s_token)).Outcome);
    }

    [Fact]
    public async Task Check_LimitsThatAreBeingSet_AreNoFinding()
    {
        _engine.Fault = (call, _) => call == "update" ? new EngineUnreachableException("Away.") : null;
        await _program.AddAsync(HostProgram.Game with { Limits = new ServerLimits { CpuPercent = 200 } }, version: 2);
        Assert.Empty(await _reconciler.CheckAsync(isDryRun: true, s_token));
    }

    [Fact]
    public async Task Check_ContainerOfAnEarlierRun_IsEnded_AndOneOfAnotherInstallationStays()
    {
        await _program.AskAsync(PowerAction.Stop);
        await _program.UntilAsync(PowerState.Offline);
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
        var labels = _engine.Find(Name)!.Spec.Labels.ToDictionary();
        await RunAsync("old", new(labels) { [ContainerLabels.Run] = "1" });
        await RunAsync("another's", new(labels) { [ContainerLabels.Run] = "1", [ContainerLabels.Cluster] = Guid.NewGuid().ToString() });

        Assert.Equal(HostFindingKind.StaleContainer, Assert.Single(await _reconciler.CheckAsync(isDryRun: true, s_token)).Kind);
        Assert.Equal("It was removed.", Assert.Single(await _reconciler.CheckAsync(isDryRun: false, s_token)).Outcome);
        Assert.Equal((null, true, true), (_engine.Find("old"), _engine.Find("another's")!.IsRunning, _engine.Find(Name)!.IsRunning));
    }

    [Fact]
    public async Task Check_OrphansOfThisHost_AreNamed_AndThoseOfAnotherOnTheSameEngineAreNot()
    {
        var lost = ServerId.New();
        var labels = new Dictionary<string, string>(_engine.Find(Name)!.Spec.Labels) { [ContainerLabels.ServerId] = lost.ToString() };
        await RunAsync("ours", labels, [new BindMount(_program.Paths.Volume(lost), "/home/container", false)]);
        await RunAsync("others", labels, [new BindMount($"/other/volumes/{lost}", "/home/container", false)]);

        var finding = Assert.Single(await _reconciler.CheckAsync(isDryRun: false, s_token));

        Assert.Equal((HostFindingKind.OrphanedContainer, _engine.Find("ours")!.Id.Value), (finding.Kind, finding.Container));
        Assert.Equal((true, true), (_engine.Find("ours")!.IsRunning, _engine.Find("others")!.IsRunning));
    }

    [Fact]
    public async Task Check_MemoryRaisedByHandAndTaken_OnCgroupVersion2_IsLeft_OrTheKernelWouldEndTheGame()
    {
        await _program.AddAsync(HostProgram.Game with { Limits = new ServerLimits { MemoryMiB = 64, CpuPercent = 100 } }, version: 2);
        await HostProgram.UntilAsync(() => _program.Worker.State.AppliedLimits?.MemoryMiB == 64, "the limit");
        await _engine.UpdateAsync(Name, _engine.Find(Name)!.Spec.Limits with { MemoryBytes = 128 << 20, CpuQuota = 5_000 }, s_token);
        _engine.Find(Name)!.Usage = new UsageCounters { MemoryBytes = 100 << 20, Processes = 1 };

        var finding = Assert.Single(await _reconciler.CheckAsync(isDryRun: false, s_token));

        Assert.Equal("The memory is left as it is. The game uses 100 MiB: with a limit of 64 MiB the kernel would end it.", finding.Outcome);
        Assert.Equal((128L << 20, 100_000L), (_engine.Find(Name)!.Spec.Limits.MemoryBytes, _engine.Find(Name)!.Spec.Limits.CpuQuota));
    }

    [Fact]
    public async Task Check_WhatIsLeftOfTheLastRun_IsNoFinding()
    {
        await _program.AskAsync(PowerAction.Stop);
        await _program.UntilAsync(PowerState.Offline);
        Assert.NotNull(_engine.Find(Name));
        Assert.Empty(await _reconciler.CheckAsync(isDryRun: false, s_token));
        Assert.NotNull(_engine.Find(Name));
    }

    [Fact]
    public async Task Check_BridgeThatItsRemovalLeft_GoesWhenItIsFoundAgain_AndNotWhileAStartIsUnderWay()
    {
        var outgoing = _program.Servers.Host.Outgoing;
        var use = await outgoing.EnsureAsync("203.0.113.7", s_token);
        var own = (await _program.Cluster.GetAsync(s_token)).ToString("D");
        await CreateNetworkAsync("ip-203-0-113-8", Guid.NewGuid().ToString("D"));
        await CreateNetworkAsync("games", own);
        await CheckTwiceAsync();
        Assert.NotNull(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));
        await RunAsync("other", new() { [ContainerLabels.Cluster] = own }, network: "ip-203-0-113-7");
        use.Dispose();
        await CheckTwiceAsync();
        await _engine.KillAsync("other", "SIGKILL", s_token);
        await _engine.WaitAsync("other", s_token);
        await CheckTwiceAsync();
        Assert.NotNull(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));

        await _engine.RemoveAsync("other", force: false, s_token);
        await _reconciler.CheckAsync(isDryRun: true, s_token);
        await _reconciler.CheckAsync(isDryRun: true, s_token);
        _engine.Fault = (call, _) => call == "remove-network" ? new EngineException("the engine has a headache") : null;
        await CheckTwiceAsync();
        Assert.NotNull(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));
        _engine.Fault = null;
        await _reconciler.CheckAsync(isDryRun: false, s_token);
        Assert.Null(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));
        Assert.NotNull(await _engine.InspectNetworkAsync("ip-203-0-113-8", s_token));
        Assert.NotNull(await _engine.InspectNetworkAsync("games", s_token));

        // Made anew, it is seen for the first time again.
        (await outgoing.EnsureAsync("203.0.113.7", s_token)).Dispose();
        await _reconciler.CheckAsync(isDryRun: false, s_token);
        Assert.NotNull(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));
    }

    private async Task CheckTwiceAsync()
    {
        await _reconciler.CheckAsync(isDryRun: false, s_token);
        await _reconciler.CheckAsync(isDryRun: false, s_token);
    }

    private Task CreateNetworkAsync(string name, string cluster) => _engine.CreateNetworkAsync(
        new NetworkSpec
        {
            Name = name,
            Options = name.StartsWith("ip-", StringComparison.Ordinal) ? new Dictionary<string, string> { ["com.docker.network.host_ipv4"] = "203.0.113.8" } : [],
            Labels = new Dictionary<string, string> { [ContainerLabels.Kind] = ContainerLabels.KindNetwork, [ContainerLabels.Cluster] = cluster },
        },
        s_token);

    [Fact]
    public async Task Check_EngineAway_Says()
    {
        _engine.IsAway = true;
        await Assert.ThrowsAsync<EngineUnreachableException>(() => _reconciler.CheckAsync(isDryRun: true, s_token));
    }

    private async Task RunAsync(string name, Dictionary<string, string> labels, BindMount[]? mounts = null, string? network = null)
    {
        var spec = _engine.Find(Name)!.Spec;
        await _engine.CreateAsync(spec with { Name = name, Labels = labels, Ports = [], Mounts = mounts ?? spec.Mounts, NetworkMode = network ?? spec.NetworkMode }, s_token);
        await _engine.StartAsync(name, s_token);
    }

    private static (string, string) Said(HostFinding finding) => (finding.Text, finding.Outcome);
}
