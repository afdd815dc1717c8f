using System.Collections.Concurrent;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>A server's life on a real engine where it goes another way than start, run and stop.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerOnEngineTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WhileItStarts_EndsTheGameAsAStopDoes()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.Program.AddAsync(HostOnEngine.Game with { DoneLines = ["a line that it never says"] });
        await host.Program.AskAsync(PowerAction.Start);
        await host.UntilAsync(() => host.Worker.State is { Power: PowerState.Starting, HasProcess: true }, "the process");

        await host.EndAsync(PowerAction.Stop);

        Assert.Equal((true, 0), (host.Worker.State.LastExit!.WasAskedFor, host.Worker.State.LastExit.Code));
        Assert.Equal("exited", await host.Docker.StatusAsync(host.Name));
        Assert.Contains(host.Worker.Console.ReadText(50), line => line == "Stopping the server");
    }

    [Fact]
    public async Task Start_OfANewRun_BeginsANewJournal_AndTheOneBeforeStaysAsItIs()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        var journals = host.Program.Paths.Console(host.Program.Server);
        await host.StartAsync(HostOnEngine.Game);
        await host.EndAsync(PowerAction.Stop);
        Assert.Equal(["1"], Directory.GetDirectories(journals).Select(Path.GetFileName));
        var first = await ReadAllAsync("1");
        Assert.NotEmpty(first);

        await host.StartAsync();
        await host.EndAsync(PowerAction.Stop);

        Assert.Equal(["1", "2"], Directory.GetDirectories(journals).Select(Path.GetFileName).Order());
        Assert.Equal(first, await ReadAllAsync("1"));

        Task<byte[][]> ReadAllAsync(string run) => Task.WhenAll(Directory.GetFiles(Path.Combine(journals, run)).Order().Select(file => File.ReadAllBytesAsync(file, s_token)));
    }

    [Fact]
    public async Task Starts_MoreThanAreLetThrough_WaitInOrder_AndOneThatIsStoppedMeanwhileNeverRuns()
    {
        await using var proxy = new EngineProxy(RealEngine.Require());
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = "none", StartsAtOnce = 1 }, new DockerContainerEngine(proxy.Address));
        var held = proxy.Next(EngineFault.Hold, "POST", "/containers/create");
        PowerWorker[] servers = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => host.AddAsync(ServerId.New(), HostOnEngine.Game)))];
        await servers[0].RequestAsync(PowerAction.Start);
        await held.Reached;
        await servers[1].RequestAsync(PowerAction.Start);
        await host.UntilAsync(() => servers[1].GetSnapshot().Activity == "Waiting for its turn to start.", "the second one's place");
        await servers[2].RequestAsync(PowerAction.Start);
        await host.UntilAsync(() => servers[2].GetSnapshot().Activity == "Waiting for its turn to start: 1 server is ahead.", "the third one's place");

        Assert.True((await servers[1].RequestAsync(PowerAction.Stop)).IsAccepted);
        await host.UntilAsync(() => servers[1].State.Power == PowerState.Offline, "the end of the second one's start");
        await host.UntilAsync(() => servers[2].GetSnapshot().Activity == "Waiting for its turn to start.", "the third one's new place");
        held.End();

        await host.UntilAsync(() => servers[0].State.Power == PowerState.Running && servers[2].State.Power == PowerState.Running, "the first and the third");
        Assert.Null(await host.Docker.StatusAsync(servers[1].Id.ToString()));
        Assert.Null(servers[1].State.Problem);
    }

    [Fact]
    public async Task StartAndDelete_OfAServerWhoseImageAsksForAVolume_TakeTheVolumeAlong_AndAStartForcesNothing()
    {
        await using var proxy = new EngineProxy(RealEngine.Require());
        await using var host = await HostOnEngine.OpenAsync(way: new DockerContainerEngine(proxy.Address));
        var (maker, image) = ($"maker-{host.Name[^8..]}", $"ow-volume-{host.Name[^8..]}:latest");
        await host.Docker.RunAsync("create", "--name", maker, RealEngine.Image);
        try
        {
            await host.Docker.RunAsync("commit", "--change", "VOLUME /extra", maker, image);
            await host.StartAsync(HostOnEngine.Game with { Image = "~" + image });
            var first = await ExtraAsync(host);
            await host.EndAsync(PowerAction.Stop);
            // Passed on, and counted: with force, and without.
            var (forced, removals) = (proxy.All(EngineFault.Delay, "DELETE", "/containers/", "force=1"), proxy.All(EngineFault.Delay, "DELETE", "/containers/", "v=1"));
            await host.StartAsync();
            Assert.Equal((0, 1), (forced.Hits, removals.Hits));
            var volume = await ExtraAsync(host);
            Assert.NotEqual(first, volume);
            var volumes = await VolumesAsync(host);
            Assert.Contains(volume!, volumes);
            Assert.DoesNotContain(first!, volumes);

            await host.Program.AddAsync(host.Worker.State.Assignment.Spec, version: 2, isDeleted: true);
            await host.UntilAsync(() => host.Worker.State is { IsDeleted: true, DeletedVersion: 2, Power: PowerState.Offline }, "the deletion");

            Assert.Null(await host.Docker.StatusAsync(host.Name));
            Assert.DoesNotContain(volume!, await VolumesAsync(host));
            // It runs still, so this one is.
            Assert.Equal(1, forced.Hits);
        }
        finally
        {
            await host.Docker.RemoveAsync([maker, host.Name]);
            await host.Docker.RunAsync("rmi", image);
        }
    }

    [Fact]
    public async Task Limits_OfSwapAndCores_AreInForceWithoutAStart_AndCoresThatAreTakenAwayWaitForIt()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = 64, CpuSet = "0-1" } });
        Assert.Equal($"0-1 {64 << 20}", await LimitsAsync(host));

        await ChangeAsync(host, new ServerLimits { MemoryMiB = 64, SwapMiB = 32, CpuSet = "1" });
        Assert.Equal($"1 {96 << 20}", await LimitsAsync(host));
        Assert.EndsWith("Cpus_allowed_list:\t1", await host.RunInGameAsync("grep Cpus_allowed_list /proc/self/status"), StringComparison.Ordinal);
        Assert.Equal(1, host.Worker.State.Run);

        await ChangeAsync(host, new ServerLimits { MemoryMiB = 64, SwapMiB = 32 });
        Assert.Equal($"1 {96 << 20}", await LimitsAsync(host));
        Assert.Equal(["cores"], host.Worker.GetSnapshot().Waiting);
        await host.EndAsync(PowerAction.Stop);
        await host.StartAsync();
        Assert.Equal($"{96 << 20}", (await LimitsAsync(host))!.Trim());
        Assert.Empty(host.Worker.GetSnapshot().Waiting);
    }

    [Fact]
    public async Task Start_WithCoresThatTheHostDoesNotHave_SaysWhichAndIsOffline_AndMoreMemoryThanItHasIsALimitAsAny()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.Program.AddAsync(HostOnEngine.Game with { Limits = new ServerLimits { CpuSet = "0,900" } });
        await host.Program.AskAsync(PowerAction.Start);
        await host.UntilAsync(() => host.Worker.State is { Power: PowerState.Offline, Problem: not null }, "the refusal");
        Assert.Contains("0,900", host.Worker.State.Problem!.Message, StringComparison.Ordinal);
        Assert.Null(await host.Docker.StatusAsync(host.Name));

        const int Terabytes = 8 << 20;
        await host.Program.AddAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = Terabytes } }, version: 2);
        await host.StartAsync();
        Assert.Equal($"{(long)Terabytes << 20}", await host.Docker.InspectAsync(host.Name, "{{.HostConfig.Memory}}"));
    }

    [Fact]
    public async Task Stops_OfManyAtOnce_NoneIsOfflineWhileItsContainerRuns()
    {
        const int Servers = 12;
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        // As a game that saves its world: told to stop, it lives on a while.
        var slow = HostOnEngine.Game with { Startup = "echo Done; read -r word; sleep 1; exit 0", DoneLines = ["Done"] };
        PowerWorker[] servers = [.. await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => host.AddAsync(ServerId.New(), slow)))];
        await Task.WhenAll(servers.Select(server => server.RequestAsync(PowerAction.Start)));
        await host.UntilAsync(() => servers.All(server => server.State.Power == PowerState.Running), "all of them");

        var (offline, early) = (new ConcurrentDictionary<ServerId, byte>(), new ConcurrentBag<string>());
        host.Program.Servers.Changed += snapshot =>
        {
            if (snapshot.State != PowerState.Offline || !offline.TryAdd(snapshot.Id, 0))
                return;
            if (host.Engine.InspectAsync(snapshot.Id.ToString(), CancellationToken.None).GetAwaiter().GetResult() is { IsRunning: true } container)
                early.Add(container.Name);
        };
        Assert.All(await Task.WhenAll(servers.Select(server => server.RequestAsync(PowerAction.Stop))), answer => Assert.True(answer.IsAccepted));

        await host.UntilAsync(() => servers.All(server => server.State.Power == PowerState.Offline) && offline.Count == Servers, "the end of all");
        Assert.Empty(early);
        Assert.All(servers, server => Assert.Equal((true, 0), (server.State.LastExit!.WasAskedFor, server.State.LastExit.Code)));
    }

    private static async Task ChangeAsync(HostOnEngine host, ServerLimits limits)
    {
        var before = host.Worker.State.Assignment;
        await host.Program.AddAsync(before.Spec with { Limits = limits }, before.Version + 1);
        await host.UntilAsync(() => !PowerStateMachine.AreLimitsBehind(host.Worker.State) && host.Worker.State.AppliedLimits is { } set && (set.SwapMiB, limits.CpuSet.Length == 0 || set.CpuSet == limits.CpuSet) == (limits.SwapMiB, true), "the limits");
    }

    private static Task<string?> LimitsAsync(HostOnEngine host) => host.Docker.InspectAsync(host.Name, "{{.HostConfig.CpusetCpus}} {{.HostConfig.MemorySwap}}");

    private static Task<string?> ExtraAsync(HostOnEngine host) => host.Docker.InspectAsync(host.Name, """{{range .Mounts}}{{if eq .Destination "/extra"}}{{.Name}}{{end}}{{end}}""");

    private static Task<string> VolumesAsync(HostOnEngine host) => host.Docker.RunAsync("volume", "ls", "--quiet");
}
