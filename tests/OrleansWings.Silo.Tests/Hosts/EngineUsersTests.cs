using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Containers.Usages;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Silo.Usages;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

/// <summary>A server's life on real engines whose containers' users are others on the machine.</summary>
[Trait("Needs", "Docker")]
public sealed class EngineUsersTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Game_OnAnEngineThatRemapsUsers_WritesItsFiles_AlsoWhereRemappingIsSwitchedOff()
    {
        RealEngine.Require();
        await using var engine = await PrivateEngine.StartAsync(RealEngine.NameOfOwn("remap"), s_token, EngineUsers.Remapped);
        await using (var host = await HostOnEngine.OpenAsync(engine, new DockerHostOptions { Network = HostOnEngine.NewNetworkName() }))
        {
            await host.StartAsync();
            Assert.Equal("988 988", await host.RunInGameAsync("touch /home/container/world; echo $(id -u) $(stat -c %u /home/container/world)"));
            Assert.Equal("300988:300988", await OwnerAsync(Path.Combine(host.Program.Paths.Volume(host.Program.Server), "world")));
            await LiveOnAndDieAsync(host);
        }

        // A world that was there before the engine remapped users.
        await using (var host = await HostOnEngine.OpenAsync(engine, new DockerHostOptions { Network = "none" }))
        {
            var world = Path.Combine(Directory.CreateDirectory(host.Program.Paths.Volume(host.Program.Server)).FullName, "world");
            await File.WriteAllTextAsync(world, "old\n", s_token);
            await HostCommand.RunAsync("chown", ["-R", "988:988", Path.GetDirectoryName(world)!], s_token);
            await host.StartAsync();
            Assert.Equal("old new", await host.RunInGameAsync("echo new >> /home/container/world; echo $(cat /home/container/world)"));
        }

        await using var off = await HostOnEngine.OpenAsync(engine, new DockerHostOptions { Network = "none", UsernsMode = "host" });
        await off.StartAsync();
        Assert.Equal("988 0", await off.RunInGameAsync("touch /home/container/world; echo $(id -u) $(awk '{print $2}' /proc/self/uid_map)"));
        Assert.Equal("988:988", await OwnerAsync(Path.Combine(off.Program.Paths.Volume(off.Program.Server), "world")));
    }

    [Fact]
    public async Task Game_OnARootlessEngine_LivesAsAnyOther_AndWhatIsNotLimitedOrMeasuredIsSaid()
    {
        RealEngine.Require();
        await using var engine = await PrivateEngine.StartAsync(RealEngine.NameOfOwn("rootless"), s_token, EngineUsers.Rootless);
        await using var host = await HostOnEngine.OpenAsync(engine, new DockerHostOptions { Network = HostOnEngine.NewNetworkName(), Rootless = (0, 0) });
        // The program is the same user as the engine then; these tests are root.
        var volume = Directory.CreateDirectory(host.Program.Paths.Volume(host.Program.Server)).FullName;
        await HostCommand.RunAsync("chown", ["231072:231072", volume], s_token);

        await host.StartAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = 64, CpuPercent = 50, ProcessLimit = 50 } });

        Assert.Equal("0 0", await host.RunInGameAsync("touch /home/container/world; echo $(id -u) $(stat -c %u /home/container/world)"));
        Assert.Equal("231072:231072", await OwnerAsync(Path.Combine(volume, "world")));
        Assert.Equal("This host's Docker engine cannot put in force: memory, CPU limit, process limit.", host.Worker.GetSnapshot().LimitProblem);
        await using var sampler = new UsageSampler(host.Program.Servers, new CgroupUsageReader(), TimeProvider.System, NullLogger<UsageSampler>.Instance);
        Assert.Empty(await sampler.SampleAsync(s_token));
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: true, s_token));
        await LiveOnAndDieAsync(host);
    }

    private static Task<string> OwnerAsync(string path) => HostCommand.RunAsync("stat", ["-c", "%u:%g", path], s_token);

    private static async Task LiveOnAndDieAsync(HostOnEngine host)
    {
        await host.EndAsync(PowerAction.Stop);
        await host.StartAsync();
        await host.EndAsync(PowerAction.Kill);
        await host.Program.AddAsync(host.Worker.State.Assignment.Spec, host.Worker.State.Assignment.Version + 1, isDeleted: true);
        await host.UntilAsync(() => host.Worker.State.DeletedVersion == host.Worker.State.Assignment.Version, "the deletion");
        Assert.Empty(await host.ContainersAsync());
        Assert.True(File.Exists(Path.Combine(host.Program.Paths.Trash(host.Program.Server), "world")));
    }
}
