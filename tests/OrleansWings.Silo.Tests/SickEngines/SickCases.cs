using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>What is done to the server while one of its engine's calls fails, and what must come of it.</summary>
internal static partial class SickCases
{
    private const string Words = "the engine has a headache.";

    public static async Task RunAsync(SickHost host, SickCall call, EngineFault fault)
    {
        host.Shown.Clear();
        await (call.Name switch
        {
            "update limits" => UpdateAsync(host, call, fault),
            "attach again" => AttachAgainAsync(host, call, fault),
            "join log" => JoinAsync(host, call, fault),
            "events" or "info" or "version" => WatchAsync(host, call, fault),
            "usage" => MeasureAsync(host, call, fault),
            "compare list" or "compare network" or "compare bridges" or "compare limits" => CompareAsync(host, call, fault),
            "set limits again" => SetLimitsAgainAsync(host, call, fault),
            "look at orphan" => LookAtOrphanAsync(host, call, fault),
            "remove orphan" => RemoveOrphanAsync(host, call, fault),
            "look at end" => LookAtEndAsync(host, call, fault),
            "remove bridge" => RemoveBridgeAsync(host, call, fault),
            "rename" => RenameAsync(host, call, fault),
            "list images" or "remove image" => ImagesAsync(host, call, fault),
            "signal" or "native stop" => StopAsync(host, call, fault),
            "kill" => KillAsync(host, call, fault),
            "wait" => WaitAsync(host, call, fault),
            "delete" => DeleteAsync(host, call, fault),
            _ => StartAsync(host, call, fault),
        });

        foreach (var text in host.Shown.Distinct())
            ReadableText.Assert(text);
    }

    public static Task<SickHost> OpenAsync(SickCall call)
    {
        var isBridge = call.Name.EndsWith("network", StringComparison.Ordinal) || call.Name == "compare bridges";
        var stop = call.Name switch
        {
            // A shell that is between two commands when the signal comes may sleep over it.
            "signal" => new StopRule { Kind = StopKind.Signal, Value = "SIGINT", Grace = TimeSpan.FromSeconds(20) },
            "native stop" => new StopRule { Kind = StopKind.Native, Grace = TimeSpan.FromSeconds(20) },
            _ => SickHost.Game.Stop,
        };
        var image = call.Name == "pull" ? RealEngine.Image : SickHost.Game.Image;
        var limits = call.Name.Contains("limits", StringComparison.Ordinal) ? new ServerLimits { MemoryMiB = 64 } : SickHost.Game.Limits;
        return SickHost.OpenAsync(SickHost.Game with { Stop = stop, Image = image, Limits = limits }, isBridge ? $"ows{Guid.NewGuid():N}"[..14] : "none");
    }

    private static async Task StartAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.EndAsync(PowerAction.Kill);
        if (call.Name == "remove old" && (await host.ContainersAsync()).Count == 0)
            await MakeOldAsync(host);
        // What an earlier fault has left is taken by the next start; here it is not to be in the way.
        if (call.Name is "find" or "make network")
            await ClearAsync(host);
        var rule = host.Spoil(call, fault);
        await host.AskAsync(PowerAction.Start);
        await host.UntilAsync(() => host.Worker.State.Power is PowerState.Running or PowerState.Offline, "an outcome of the start");
        Assert.True(rule.Hits > 0, "The call was never made.");

        // What was done, though the answer never came, is found; and an image that cannot be pulled is used as it is there.
        bool? isDone = call.Name switch
        {
            // Half a refusal is a refusal or a cut line, as it happens.
            // The terminal is cut with the first thing it says, which is after the start.
            "attach" => fault == EngineFault.CutBody ? null : false,
            "pull" => fault == EngineFault.CutBody ? null : true,
            "start" or "remove old" or "make network" => fault is EngineFault.CutBody or EngineFault.Swallow,
            _ => false,
        };
        if (host.Worker.State.Power == PowerState.Running)
        {
            Assert.True(isDone ?? true, "It started all the same.");
        }
        else
        {
            Assert.False(isDone ?? false, $"It did not start: {host.Worker.State.Problem?.Message}");
            ReadableText.Assert(host.Worker.State.Problem?.Message);
            if (fault == EngineFault.Refuse)
                Assert.Contains(Words, host.Worker.State.Problem!.Message, StringComparison.Ordinal);
        }

        host.Heal(rule);
    }

    private static async Task ClearAsync(SickHost host)
    {
        foreach (var container in await host.ContainersAsync())
            await host.Direct.RemoveAsync(container.Id.Value, force: true, CancellationToken.None);
        if (host.Network != "none")
            await host.Direct.RemoveNetworkAsync(host.Network, CancellationToken.None);
    }

    // As an earlier run leaves it.
    private static async Task MakeOldAsync(SickHost host)
    {
        var cluster = (await host.Program.Cluster.GetAsync(CancellationToken.None)).ToString("D");
        await host.Direct.CreateAsync(new ContainerSpec
        {
            Name = host.Name,
            Image = RealEngine.Image,
            Labels = new Dictionary<string, string> { [ContainerLabels.Cluster] = cluster, [ContainerLabels.ServerId] = host.Name, [ContainerLabels.Kind] = ContainerLabels.KindServer, [ContainerLabels.Run] = "0" },
        }, CancellationToken.None);
    }

    private static async Task StopAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var rule = host.Spoil(call, fault);
        await host.AskAsync(PowerAction.Stop);
        await rule.Reached;
        // A stop that was done ends by itself, and one that nothing comes of at the end of its grace; else it is said why it takes long.
        await host.UntilAsync(() => host.Worker.State.Power == PowerState.Offline || host.Worker.GetSnapshot().Activity is not null, "an outcome of the stop");
        AssertWords(host, fault);
        host.Heal(rule);
        await host.UntilAsync(PowerState.Offline);
        Assert.True(host.Worker.State.LastExit!.WasAskedFor);
    }

    private static void AssertWords(SickHost host, EngineFault fault)
    {
        if (fault == EngineFault.Refuse)
            Assert.Contains(Words, host.Worker.GetSnapshot().Activity, StringComparison.Ordinal);
    }

    private static async Task KillAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var rule = host.Spoil(call, fault);
        await host.AskAsync(PowerAction.Kill);
        await rule.Reached;
        await host.UntilAsync(() => host.Worker.State.Power == PowerState.Offline || host.Worker.GetSnapshot().Activity is not null, "an outcome of the kill");
        AssertWords(host, fault);
        host.Heal(rule);
        await host.UntilAsync(PowerState.Offline);
        Assert.Equal(137, host.Worker.State.LastExit!.Code);
    }

    private static async Task DeleteAsync(SickHost host, SickCall call, EngineFault fault)
    {
        await host.StartAsync();
        var rule = host.Spoil(call, fault);
        await host.DeleteAsync();
        // By the time of the second try it is known what came of the first.
        await host.UntilAsync(() => host.Worker.State.DeletedVersion == host.Worker.State.Assignment.Version || rule.Hits > 1, "an outcome of the deletion");
        Assert.True(rule.Hits > 0, "The call was never made.");
        if (fault == EngineFault.Refuse)
            Assert.Equal("the engine has a headache. It is tried again.", host.Worker.State.Problem?.Message);
        if (rule.Hits > 1)
            Assert.NotNull(IsRefused(fault) ? host.Worker.State.Problem?.Message : host.Worker.GetSnapshot().Activity);
        host.Heal(rule);
        await host.UntilGoneAsync();
    }
}
