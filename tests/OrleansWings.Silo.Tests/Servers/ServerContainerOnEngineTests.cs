using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>What a host's settings and a server's wish make of the real container, where they go another way than usual.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerContainerOnEngineTests
{
    [Fact]
    public async Task Start_OnARootlessHost_TheGameIsItsOwnPair_AndTheImagesCommandStays()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = "none", Rootless = (1234, 1235) });
        await host.StartAsync();

        Assert.Equal("1234:1235", await host.Docker.InspectAsync(host.Name, "{{.Config.User}}"));
        Assert.Equal("1234 1235", (await host.RunInGameAsync("echo $(id -u) $(id -g)")).Trim());
        Assert.Equal((await host.Docker.RunAsync("image", "inspect", "-f", "{{.Config.Cmd}} {{.Config.Entrypoint}}", RealEngine.Image)).Trim(), await host.Docker.InspectAsync(host.Name, "{{.Config.Cmd}} {{.Config.Entrypoint}}"));
    }

    [Fact]
    public async Task Start_OfALocalImage_AsksNoRegistry_ThereOrNot()
    {
        await using var proxy = new EngineProxy(RealEngine.Require());
        await using var host = await HostOnEngine.OpenAsync(way: new DockerContainerEngine(proxy.Address));
        var pulls = proxy.All(EngineFault.Refuse, "POST", "/images/create");

        await host.StartAsync();
        Assert.Equal([ServerEventKind.PullStarted, ServerEventKind.PullCompleted], Pulls(host));
        await host.EndAsync(PowerAction.Kill);

        await host.Program.AddAsync(HostOnEngine.Game with { Image = "~no-such:1" }, version: 2);
        Assert.True((await host.Program.AskAsync(PowerAction.Start)).IsAccepted);
        await host.UntilAsync(() => host.Worker.State is { Power: PowerState.Offline, Problem: not null }, "the refusal");
        Assert.Contains("no-such:1", host.Worker.State.Problem!.Message, StringComparison.Ordinal);
        Assert.Equal(0, pulls.Hits);
    }

    [Fact]
    public async Task Start_WithAsMuchEnvironmentAsIsAllowed_RunsAndTheGameSeesTheLastOfIt()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        var many = Enumerable.Range(0, 1_000).ToImmutableSortedDictionary(number => $"V{number:000}", number => $"{number}{new string('x', 1_030)}", StringComparer.Ordinal);
        var spec = HostOnEngine.Game with { Environment = many };
        Assert.Empty(ServerSpecValidator.Validate(spec));
        Assert.NotEmpty(ServerSpecValidator.Validate(spec with { Environment = many.Add("ONE_MORE", "") }));

        await host.StartAsync(spec);

        Assert.Equal($"1000 {many["V999"].Length}", (await host.RunInGameAsync("echo $(env | grep -c ^V[0-9]) ${#V999}")).Trim());
    }

    // The oldest first.
    private static IEnumerable<ServerEventKind> Pulls(HostOnEngine host) => host.Program.Ledger.ReadEvents(host.Program.Server).Select(one => one.Kind)
        .Where(kind => kind is ServerEventKind.PullStarted or ServerEventKind.PullCompleted or ServerEventKind.PullFailed).Reverse();
}
