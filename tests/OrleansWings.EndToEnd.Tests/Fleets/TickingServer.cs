using System.Globalization;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A server whose game counts aloud, twenty times a second, and somebody who listens all the time.</summary>
internal sealed class TickingServer : IAsyncDisposable
{
    private const string Tick = "tick ";

    private readonly IServer _server;
    private readonly ConsoleViewer _viewer;
    private string _container = "";
    private int _before;

    private TickingServer(IServer server, IConsoleFeeds consoles)
        => (_server, _viewer) = (server, new ConsoleViewer(consoles, server.Id, ConsoleCursor.Last(100)));

    public ServerId Id => _server.Id;

    /// <summary>What its game said, whole lines.</summary>
    public IReadOnlyList<string> Lines => _viewer.GameLines;

    public static async Task<TickingServer> StartAsync(FleetRun fleet, string host)
    {
        var ticking = new TickingServer(await fleet.RunServerAsync(host, $"ticks on {host}"), fleet.Consoles);
        await ticking.BeginAsync();
        return ticking;
    }

    /// <summary>It runs anew: counts from one again.</summary>
    public async Task BeginAgainAsync()
    {
        _before = Ticks().Count;
        await FleetRun.WaitForAsync(_server, PowerState.Running);
        await BeginAsync();
    }

    /// <summary>Asks it to say something, as a person would.</summary>
    public Task<ServerResult> SayAsync(string text) => _server.SendCommandAsync(text);

    /// <summary>Waits until ten more numbers came, and checks all of them.</summary>
    public async Task GoesOnAsync()
    {
        var now = Ticks().Count;
        await Eventually.TrueAsync(() => Ticks().Count >= now + 10);
        await CheckAsync();
    }

    /// <summary>Nothing was lost, said twice, or ended.</summary>
    public async Task CheckAsync()
    {
        Assert.Empty(_viewer.Faults);
        var ticks = Ticks().Skip(_before).ToList();
        Assert.Equal(Enumerable.Range(1, ticks.Count), ticks);
        Assert.Equal(_container, await ContainerAsync());
    }

    public ValueTask DisposeAsync() => _viewer.DisposeAsync();

    private async Task BeginAsync()
    {
        _container = await ContainerAsync();
        const string Game = "run (i=0; while [ $i -lt 100000 ]; do i=$((i+1)); echo \"tick $i\"; sleep 0.05; done) &";
        await Eventually.GetAsync(() => _server.SendCommandAsync(Game), result => result.IsAccepted);
        var now = Ticks().Count;
        await Eventually.TrueAsync(() => Ticks().Count > now);
    }

    private List<int> Ticks() => [.. Lines.Select(line => line.TrimEnd('\r', '\n')).Where(line => line.StartsWith(Tick, StringComparison.Ordinal) && !line.Contains('$', StringComparison.Ordinal))
        .Select(line => int.Parse(line[Tick.Length..], CultureInfo.InvariantCulture))];

    private async Task<string> ContainerAsync() => await new DockerCommand(RealEngine.Require()).InspectAsync(Id.ToString(), "{{.Id}} {{.State.Pid}} {{.State.StartedAt}}") ?? "";
}
