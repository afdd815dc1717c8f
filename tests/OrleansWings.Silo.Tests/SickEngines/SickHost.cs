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
    // Far longer than anything here may take: a machine may be crowded, and what hangs hangs for ever.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static int s_subnets;

    private readonly string _folder;
    private readonly DockerContainerEngine _way;
    private readonly HurriedTime _engineTime = new(1);
    private bool _isClosed;

    private SickHost(string folder, string network)
    {
        _folder = folder;
        Network = network;
        Proxy = new EngineProxy(RealEngine.Require());
        _way = new DockerContainerEngine(Proxy.Address, new EngineTimeouts { PullSilence = TimeSpan.FromSeconds(2.5) }, _engineTime);
        Program = new HostProgram(folder, _way, new HurriedTime(5), new DockerHostOptions { Network = network, Subnets = [SubnetOfOwn()], StartPatience = TimeSpan.FromSeconds(5) }, Cluster) { Server = new ServerId(Guid.CreateVersion7()) };
        Direct = RealEngine.Open();
    }

    public EngineProxy Proxy { get; }

    public HostProgram Program { get; }

    /// <summary>The engine as it is, with nothing between.</summary>
    public DockerContainerEngine Direct { get; }

    public Guid Cluster { get; } = Guid.NewGuid();

    public string Network { get; }

    /// <summary>Everything that was shown of the server, in order: activities and problems.</summary>
    public ConcurrentQueue<string> Shown { get; } = new();

    public string Name => Program.Server.ToString();

    public PowerWorker Worker => Program.Worker;

    public static ServerSpec Game { get; } = HostProgram.Game with { Image = "~" + RealEngine.Image, Startup = "game", RestartOnCrash = false };

    // One that is taken would be refused, and the refusal spoilt as any other answer.
    private static IPNetwork SubnetOfOwn() => IPNetwork.Parse($"10.214.{Interlocked.Increment(ref s_subnets)}.0/24");

    public static async Task<SickHost> OpenAsync(ServerSpec? spec = null, string network = "none")
    {
        var host = new SickHost(await RealEngine.CreateFolderAsync(CancellationToken.None), network);
        await host.Program.ResumedAsync();
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

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited {s_patience.TotalSeconds} s for: {what}. It is {Worker.State}; shown was: {string.Join(" | ", Shown.Distinct())}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

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

    public async Task<IReadOnlyList<ContainerState>> ContainersAsync() => await Direct.ListAsync($"{ContainerLabels.Cluster}={Cluster:D}", CancellationToken.None);

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
        await CloseAsync();
        await UntilAsync(() => Proxy.Open.Count == 0, $"the end of every line: {string.Join(", ", Proxy.Open)}");
    }

    public Task DeleteAsync() => Program.AddAsync(Worker.State.Assignment.Spec, Worker.State.Assignment.Version + 1, isDeleted: true);

    public async Task UntilGoneAsync()
    {
        await UntilAsync(() => Worker.State is { IsDeleted: true, Power: PowerState.Offline } state && state.DeletedVersion == state.Assignment.Version, "the deletion");
        Assert.Empty(await ContainersAsync());
        Assert.True(Directory.Exists(Program.Paths.Trash(Program.Server)), "Its files are not in the trash.");
        Assert.Null(Worker.State.Problem);
        Assert.Null(Worker.GetSnapshot().Activity);
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
        await CloseAsync();
        foreach (var container in await ContainersAsync())
            await Direct.RemoveAsync(container.Id.Value, force: true, CancellationToken.None);
        if (Network != "none")
            await Direct.RemoveNetworkAsync(Network, CancellationToken.None);
        await _way.DisposeAsync();
        await Direct.DisposeAsync();
        await Proxy.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
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

    private async Task CloseAsync()
    {
        if (!_isClosed)
            await Program.DisposeAsync();
        _isClosed = true;
    }
}
