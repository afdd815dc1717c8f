using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>A server's own mounts, from the wish to what the game finds; and those that the host does not allow.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerMountsOnEngineTests
{
    [Fact]
    public async Task Start_WithAFolderThatIsAllowed_TheGameReadsItAndCannotWriteToIt()
    {
        await using var host = await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(host.Maps, "world"), "a world", TestContext.Current.CancellationToken);

        await host.On.StartAsync(With(host.Maps));

        Assert.Equal("a world", (await host.On.RunInGameAsync("cat /maps/world; echo")).Trim());
        Assert.Contains("Read-only file system", await host.On.RunInGameAsync("touch /maps/mine"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maps-of-others", "may not be mounted: it is not in a folder that this host allows (WINGS_MOUNTS).")]
    [InlineData("maps/../maps-of-others", "may not be mounted: it is not in a folder that this host allows (WINGS_MOUNTS).")]
    [InlineData("maps/out", "may not be mounted: it is not in a folder that this host allows (WINGS_MOUNTS).")]
    [InlineData("maps/nowhere", "cannot be mounted: there is no such folder on this host.")]
    public async Task Start_WithAnyOther_IsRefusedInPlainWordsAndLeavesNoContainer(string source, string why)
    {
        await using var host = await OpenAsync();
        var others = Directory.CreateDirectory(Path.Combine(host.Folder, "maps-of-others")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(host.Maps, "out"), others);
        var mount = Path.Combine(host.Folder, source);
        await host.On.Program.AddAsync(With(mount));

        await host.On.Program.AskAsync(PowerAction.Start);

        await host.On.UntilAsync(() => host.On.Worker.State is { Power: PowerState.Offline, Problem: not null }, "the refusal");
        Assert.Equal($"{mount} {why}", host.On.Worker.State.Problem!.Message);
        Assert.Null(await host.On.Docker.StatusAsync(host.On.Name));

        // Nothing holds it there: with the mount gone it starts.
        await host.On.Program.AddAsync(HostOnEngine.Game, version: 2);
        await host.On.StartAsync();
    }

    private static ServerSpec With(string source) => HostOnEngine.Game with { Mounts = [new MountSpec(source, "/maps")] };

    private static async Task<HostWithMaps> OpenAsync()
    {
        RealEngine.Require();
        var folder = await RealEngine.CreateFolderAsync(CancellationToken.None);
        var maps = Directory.CreateDirectory(Path.Combine(folder, "maps")).FullName;
        return new HostWithMaps(await HostOnEngine.OpenAsync(new DockerHostOptions { Network = "none", AllowedMounts = [maps] }), folder, maps);
    }

    private sealed record HostWithMaps(HostOnEngine On, string Folder, string Maps) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await On.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
