using System.Collections.Immutable;
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
}
