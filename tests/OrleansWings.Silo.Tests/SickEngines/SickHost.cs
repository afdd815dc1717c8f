using System.Collections.Concurrent;
using System.Net;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>A host's part of the program with one server of the tests' game, on a real engine that can be made sick.</summary>
internal sealed class SickHost : IAsyncDisposable
{
    private static int s_subnets;

    private readonly HostOnEngine _host;
    private readonly HurriedTime _engineTime;

    private SickHost(HostOnEngine host, EngineProxy proxy, HurriedTime engineTime, string network)
        => (_host, Proxy, _engineTime, Network) = (host, proxy, engineTime, network);

    public EngineProxy Proxy { get; }

    public HostProgram Program => _host.Program;

    /// <summary>The engine as it is, with nothing between.</summary>
    public DockerContainerEngine Direct => _host.Engine;

    public Guid Cluster => _host.Cluster;

    public HostReconciler Reconciler => _host.Reconciler;

    public OrphanedContainers Orphans => _host.Orphans;

    public string Network { get; }

    /// <summary>Everything that was shown of the server, in order: activities and problems.</summary>
    public ConcurrentQueue<string> Shown { get; } = new();

    public string Name => _host.Name;

    public PowerWorker Worker => _host.Worker;

    public static ServerSpec Game => HostOnEngine.Game;

    // One that is taken would be refused, and the refusal spoilt as any other answer.
    private static IPNetwork SubnetOfOwn() => IPNetwork.Parse($"10.214.{Interlocked.Increment(ref s_subnets)}.0/24");

    public static async Task<SickHost> OpenAsync(ServerSpec? spec = null, string network = "none")
    {
        var (proxy, engineTime) = (new EngineProxy(RealEngine.Require()), new HurriedTime(1));
        var options = new DockerHostOptions { Network = network, Subnets = [SubnetOfOwn()], StartPatience = TimeSpan.FromSeconds(5) };
        var way = new DockerContainerEngine(proxy.Address, new EngineTimeouts { PullSilence = TimeSpan.FromSeconds(2.5) }, engineTime);
        var host = new SickHost(await HostOnEngine.OpenAsync(options, way, new HurriedTime(5)), proxy, engineTime, network);
        await host.Program.AddAsync(spec ?? Game);
        host.Worker.Changed += snapshot =>
        {
            foreach (var text in ((string?[])[snapshot.Activity, snapshot.Problem?.Message, snapshot.LimitProblem]).OfType<string>())
                host.Shown.Enqueue(text);
        };
        return host;
    }

    /// <summary>From now on the call fails, and nobody waits as long for an answer as usual.</summary>
    public EngineFaultRule Spoil(SickCall call, EngineFault fault)
    {
        // A pull has a time of its own, and the rest of the start is a real one.
        _engineTime.Factor = call.Name == "pull" ? 1 : 8;
        return Proxy.All(fault, call.Method, call.Parts);
    }

    /// <summary>The engine is well again.</summary>
    public void Heal(EngineFaultRule rule)
    {
        rule.End();
        _engineTime.Factor = 1;
    }

    public Task UntilAsync(PowerState power) => UntilAsync(() => Worker.State.Power == power, $"{power}");

    public Task UntilAsync(Func<bool> condition, string what) => _host.UntilAsync(condition, what, () => $" Shown was: {string.Join(" | ", Shown.Distinct())}");

    public async Task AskAsync(PowerAction action)
    {
        await UntilAsync(() => Program.Watch.IsReachable, "the engine");
        var answer = await Program.AskAsync(action);
        Assert.True(answer.IsAccepted, $"{action}: {answer.Message}");
    }

    public async Task StartAsync()
    {
        if (Worker.State.IsDeleted)
            await Program.AddAsync(Worker.State.Assignment.Spec, Worker.State.Assignment.Version + 1);
        if (Worker.State.Power == PowerState.Running)
            return;
        await AskAsync(PowerAction.Start);
        await UntilAsync(() => Worker.State.Power is PowerState.Running or PowerState.Offline, "the start");
        Assert.True(Worker.State.Power == PowerState.Running, $"It did not start: {Worker.State.Problem?.Message}");
    }

    public Task<IReadOnlyList<ContainerState>> ContainersAsync() => _host.ContainersAsync();

    /// <summary>What must be possible once an engine is well again, whatever had happened; and nothing is left of it.</summary>
    public async Task LiveOnAndDieAsync()
    {
        await StartAsync();
        // A game may have said that it is up before the engine knows that it has started it.
        await Eventually.GetAsync(ContainersAsync, all => all is [{ IsRunning: true }]);
        await Program.SendAsync("hello");
        await UntilAsync(() => Worker.Console.ReadText(50).Any(line => line.Contains("Unknown command: hello", StringComparison.Ordinal)), "the console");
        await EndAsync(PowerAction.Stop);
        Assert.Equal((true, false), (Worker.State.LastExit!.WasAskedFor, Worker.State.LastExit.Code == 137));
        await StartAsync();
        await EndAsync(PowerAction.Kill);
        await DeleteAsync();
        await UntilGoneAsync();
        // A call that was given up keeps no line to the engine open.
        await _host.CloseAsync();
        await UntilAsync(() => Proxy.Open.Count == 0, $"the end of every line: {string.Join(", ", Proxy.Open)}");
    }

    public Task DeleteAsync() => Program.AddAsync(Worker.State.Assignment.Spec, Worker.State.Assignment.Version + 1, isDeleted: true);

    public async Task UntilGoneAsync()
    {
        await UntilAsync(() => Worker.State is { IsDeleted: true, Power: PowerState.Offline } state && state.DeletedVersion == state.Assignment.Version, "the deletion");
        Assert.Empty(await ContainersAsync());
        Assert.Empty(await Direct.ListNetworksAsync($"{ContainerLabels.Cluster}={Cluster:D}", CancellationToken.None));
        Assert.Equal((false, true), (Directory.Exists(Program.Paths.Volume(Program.Server)), Directory.Exists(Program.Paths.Trash(Program.Server))));
        Assert.Null(Worker.State.Problem);
        // What is repeated after a pause is said until then, and no longer.
        await UntilAsync(() => Worker.GetSnapshot().Activity is null, "the end of what was said");
    }

    /// <summary>Ends what a failed case may have left in any state.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            await DisposeAsync();
        }
        catch (Exception e)
        {
            // What failed before is what matters.
            TestContext.Current.SendDiagnosticMessage($"{Name} could not be cleaned up: {e.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    /// <summary>Offline, whatever it was.</summary>
    public async Task EndAsync(PowerAction action)
    {
        if (Worker.State.Power != PowerState.Offline)
        {
            await AskAsync(action);
            await UntilAsync(PowerState.Offline);
        }
    }
}
