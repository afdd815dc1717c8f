using System.Collections.Immutable;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Tests.SickEngines;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The largest and the least limits that can be wished, more than the host has among them, and what a change leaves as it was: on a real engine.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerLimitsOnEngineTests
{
    private static readonly ServerLimits s_most = new() { MemoryMiB = 4_194_304, SwapMiB = 4_194_304, CpuPercent = 100_000, ProcessLimit = 1_000_000, IoWeight = 1_000, DiskMiB = 1_073_741_824 };
    private static readonly ServerLimits s_least = new() { MemoryMiB = 16, CpuPercent = 5, ProcessLimit = 8, IoWeight = 10 };

    [Fact]
    public async Task Limits_FromTheLeastToFarMoreThanTheHostHas_AreInForceAtAStartAndLive()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Limits = s_least });
        Assert.Equal("16777216 16777216 5000 8", await InspectAsync(host));

        await ChangeAsync(host, s_most);
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State), "the most");
        Assert.Equal("4398046511104 8796093022208 100000000 1000000", await InspectAsync(host));
        Assert.Equal("1000000", await host.RunInGameAsync("cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max"));

        await host.EndAsync(PowerAction.Stop);
        await host.StartAsync();
        Assert.Equal("4398046511104 8796093022208 100000000 1000000", await InspectAsync(host));

        await ChangeAsync(host, s_least);
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State), "the least");
        Assert.Equal("16777216 16777216 5000 8", await InspectAsync(host));
        Assert.Equal((2, PowerState.Running), (host.Worker.State.Run, host.Worker.State.Power));
    }

    [Fact]
    public async Task Swap_WithoutALimit_IsThatAtAStartAndLive()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = 64, SwapMiB = -1, IoWeight = 300 } });
        Assert.Equal("-1", await host.Docker.InspectAsync(host.Name, "{{.HostConfig.MemorySwap}}"));
        var isLimited = host.Program.Watch.Facts!.HasSwapLimit;

        await ChangeAsync(host, new ServerLimits { MemoryMiB = 64, IoWeight = 300 });
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State), "no swap");
        Assert.Equal(isLimited ? $"{64 << 20}" : "-1", await host.Docker.InspectAsync(host.Name, "{{.HostConfig.MemorySwap}}"));

        await ChangeAsync(host, new ServerLimits { MemoryMiB = 64, SwapMiB = -1, IoWeight = 300 });
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State), "any swap");
        Assert.Equal("-1", await host.Docker.InspectAsync(host.Name, "{{.HostConfig.MemorySwap}}"));
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: true, CancellationToken.None));
        // What the kernel has not is not in force, and said to be so; elsewhere it is.
        var weight = await host.Docker.InspectAsync(host.Name, "{{.HostConfig.BlkioWeight}}");
        Assert.Equal(host.Program.Watch.HasNoIoWeight ? ("0", "The I/O weight is not in force: this host's kernel has none.") : ("300", null), (weight, host.Worker.GetSnapshot().LimitProblem));
    }

    [Fact]
    public async Task Limits_OfOneWithoutAContainer_AreNoError_AndInForceAtItsStart()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Limits = s_least });
        await host.EndAsync(PowerAction.Stop);
        await host.Docker.RunAsync("rm", "-f", host.Name);

        await ChangeAsync(host, s_most);

        Assert.Null(await host.Docker.StatusAsync(host.Name));
        Assert.Equal((null, null), (host.Worker.State.Problem, host.Worker.GetSnapshot().LimitProblem));
        await host.StartAsync();
        Assert.Equal("4398046511104 8796093022208 100000000 1000000", await InspectAsync(host));
    }

    [Fact]
    public async Task ProcessLimit_OfOne_EndsAShellThatNeedsTwoAndSaysSo_AndLiveLeavesTheGameRunning()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.Program.AddAsync(HostOnEngine.Game with { Limits = new ServerLimits { ProcessLimit = 1 } });
        await host.Program.AskAsync(PowerAction.Start);
        await host.UntilAsync(() => host.Worker.State is { Power: PowerState.Offline, LastExit: not null }, "the shell's end");
        Assert.NotEqual(0, host.Worker.State.LastExit!.Code);
        Assert.Contains(host.Worker.Console.ReadText(20), line => line.Contains("can't fork: Resource temporarily unavailable", StringComparison.Ordinal));
        ReadableText.Assert(host.Worker.State.Problem?.Message);

        await ChangeAsync(host, new ServerLimits { ProcessLimit = 0 });
        await host.StartAsync();
        await ChangeAsync(host, new ServerLimits { ProcessLimit = 1 });
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State), "the limit");
        await host.Program.SendAsync("run ls /");
        await host.UntilAsync(() => host.Worker.Console.ReadText(20).Any(line => line.Contains("can't fork", StringComparison.Ordinal)), "the kernel's refusal");
        Assert.Equal(PowerState.Running, host.Worker.State.Power);
    }

    [Fact]
    public async Task Memory_LessThanTheGameUses_SetLive_IsNamedAndLeavesTheGameRunning()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = 256 } });
        await host.Program.SendAsync("hold 60");
        await host.UntilAsync(() => host.Worker.Console.ReadText(20).Any(line => line.Contains("holding 60", StringComparison.Ordinal)), "the memory");

        await ChangeAsync(host, new ServerLimits { MemoryMiB = 32 });
        await host.UntilAsync(() => host.Worker.State.LimitProblem is not null, "the refusal");

        ReadableText.Assert(host.Worker.GetSnapshot().LimitProblem);
        Assert.Equal(["memory"], host.Worker.GetSnapshot().Waiting);
        await host.Program.SendAsync("run echo still here");
        await host.UntilAsync(() => host.Worker.Console.ReadText(20).Any(line => line.EndsWith("still here", StringComparison.Ordinal) && !line.Contains("run", StringComparison.Ordinal)), "its answer");
        Assert.Equal((1, PowerState.Running), (host.Worker.State.Run, host.Worker.State.Power));
        Assert.Equal($"{256 << 20}", await host.Docker.InspectAsync(host.Name, "{{.HostConfig.Memory}}"));
    }

    [Fact]
    public async Task Cores_ThatTheHostDoesNotHave_SetLive_AreNamedAndTheRestIsInForce()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync();
        await ChangeAsync(host, new ServerLimits { CpuSet = "0,900", CpuPercent = 150 });
        await host.UntilAsync(() => host.Worker.State.LimitProblem is not null, "the refusal");

        ReadableText.Assert(host.Worker.GetSnapshot().LimitProblem);
        Assert.StartsWith("The Docker engine refused the new cores (", host.Worker.GetSnapshot().LimitProblem, StringComparison.Ordinal);
        Assert.Contains("0,900", host.Worker.GetSnapshot().LimitProblem, StringComparison.Ordinal);
        Assert.Equal(["cores"], host.Worker.GetSnapshot().Waiting);
        Assert.Equal("150000", await host.Docker.InspectAsync(host.Name, "{{.HostConfig.CpuQuota}}"));
        Assert.Equal((1, PowerState.Running), (host.Worker.State.Run, host.Worker.State.Power));

        await ChangeAsync(host, new ServerLimits { CpuSet = "0", CpuPercent = 150 });
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State), "what can be");
        Assert.Null(host.Worker.GetSnapshot().LimitProblem);
        Assert.Equal("0", await host.Docker.InspectAsync(host.Name, "{{.HostConfig.CpusetCpus}}"));
    }

    [Fact]
    public async Task Labels_OfTheUser_AreOnTheContainerAfterNewLimitsAndAfterAStartWithAnotherCommand()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "survival").Add("plan", "gold") });
        Assert.Equal("survival gold 1", await LabelsAsync());

        await ChangeAsync(host, new ServerLimits { CpuPercent = 150 });
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State), "the limits");
        Assert.Equal("survival gold 1", await LabelsAsync());

        var now = host.Worker.State.Assignment;
        await host.Program.AddAsync(now.Spec with { Startup = "game anew" }, now.Version + 1);
        await host.EndAsync(PowerAction.Stop);
        await host.StartAsync();
        Assert.Equal("survival gold 2", await LabelsAsync());
        Assert.Contains("Starting game anew", host.Worker.Console.ReadText(20));

        Task<string?> LabelsAsync() => host.Docker.InspectAsync(host.Name, """{{index .Config.Labels "team"}} {{index .Config.Labels "plan"}} {{index .Config.Labels "orleanswings.run"}}""");
    }

    private static async Task ChangeAsync(HostOnEngine host, ServerLimits limits)
    {
        var before = host.Worker.State.Assignment;
        await host.Program.AddAsync(before.Spec with { Limits = limits }, before.Version + 1);
    }

    private static Task<string?> InspectAsync(HostOnEngine host)
        => host.Docker.InspectAsync(host.Name, "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.CpuQuota}} {{.HostConfig.PidsLimit}}");
}
