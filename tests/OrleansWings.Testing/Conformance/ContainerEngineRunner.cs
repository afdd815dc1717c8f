using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Engines;
using Xunit;

namespace OrleansWings.Testing.Conformance;

/// <summary>Makes, runs and removes a test's containers. The image is the tests' game (tests/engine/image/game).</summary>
public abstract class ContainerEngineRunner : IAsyncLifetime
{
    /// <summary>All that a test makes carries this label, so that it can be found and removed.</summary>
    public const string Label = "orleanswings.test";

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly List<string> _networks = [];
    private readonly List<ConsoleTap> _taps = [];

    protected IContainerEngine Engine { get; private set; } = null!;

    protected virtual string Image => RealEngine.Image;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected string OwnLabel => $"{Label}={_run}";

    /// <summary>The tests' real engine, unless a class says otherwise.</summary>
    protected virtual ValueTask<IContainerEngine> OpenEngineAsync() => ValueTask.FromResult<IContainerEngine>(RealEngine.Open());

    public virtual async ValueTask InitializeAsync() => Engine = await OpenEngineAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Engine is null)
            return;

        foreach (var tap in _taps)
            await tap.DisposeAsync();
        foreach (var container in await Engine.ListAsync(OwnLabel, CancellationToken.None))
            await Engine.RemoveAsync(container.Id.Value, force: true, CancellationToken.None);
        foreach (var network in _networks)
            await Engine.RemoveNetworkAsync(network, CancellationToken.None);
        await Engine.DisposeAsync();
    }

    /// <summary>A container to make, with a name of its own.</summary>
    protected ContainerSpec NewSpec() => new()
    {
        Name = Guid.NewGuid().ToString("D"),
        Image = Image,
        NetworkMode = "none", // quicker; those that need the network say so
        Labels = new Dictionary<string, string> { [Label] = _run },
    };

    protected async Task<string> CreateAsync(ContainerSpec? spec = null)
    {
        spec ??= NewSpec();
        await Engine.CreateAsync(spec, Token);
        return spec.Name;
    }

    protected async Task<ConsoleTap> TapAsync(string container)
    {
        var tap = new ConsoleTap(await Engine.AttachAsync(container, Token));
        _taps.Add(tap);
        return tap;
    }

    /// <summary>Makes and starts a game and waits until it is ready.</summary>
    protected async Task<(string Name, ConsoleTap Console)> RunAsync(ContainerSpec? spec = null)
    {
        var name = await CreateAsync(spec);
        var console = await TapAsync(name);
        await Engine.StartAsync(name, Token);
        await console.WaitForAsync("Done (", Token);
        return (name, console);
    }

    protected async Task<ContainerExit> EndAsync(string name, ConsoleTap console, string command)
    {
        await console.TypeAsync(command, Token);
        var exit = await Engine.WaitAsync(name, Token);
        Assert.NotNull(exit);
        return exit;
    }

    protected string NewNetwork()
    {
        var name = $"test-{Guid.NewGuid():N}"[..20];
        _networks.Add(name);
        return name;
    }
}
