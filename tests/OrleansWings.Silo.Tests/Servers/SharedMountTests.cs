using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>What one server may write to is nowhere that another's mount may lie in.</summary>
public sealed class SharedMountTests : HostProgramTests
{
    public SharedMountTests()
        : base(options: folder => new DockerHostOptions { AllowedMounts = [SharedIn(folder)] })
        => Directory.CreateDirectory(Path.Combine(Shared, "maps"));

    private string Shared => SharedIn(_folder.Path);

    [Fact]
    public async Task Start_MountLiesInWhatAnotherServerWrites_IsRefused_UntilThatOneIsGone()
    {
        var other = await AddOtherAsync(new MountSpec(Shared, "/shared", IsReadOnly: false));
        var problem = await StartAsync();
        Assert.Equal($"{Shared}/maps may not be mounted: it lies in {Shared}, which a server may write to and could put anything else in its place. Mount all of {Shared}, or let servers only read it.", problem);

        await other.AssignAsync(other.State.Assignment with { Version = 2, DeletedAt = ServerSamples.Now });
        Assert.Null(await StartAsync());
    }

    [Fact]
    public async Task Start_AnotherServersProcessStillHasWhatItsSpecHasNot_IsRefused()
    {
        var other = await AddOtherAsync(new MountSpec(Shared, "/shared", IsReadOnly: false));
        Assert.True((await other.RequestAsync(PowerAction.Start)).IsAccepted);
        await HostProgram.UntilAsync(() => other.State.Power == PowerState.Running, "the other");
        await other.AssignAsync(other.State.Assignment with { Version = 2, Spec = other.State.Assignment.Spec with { Mounts = [] } });
        Assert.NotNull(await StartAsync());

        Assert.True((await other.RequestAsync(PowerAction.Kill)).IsAccepted);
        await HostProgram.UntilAsync(() => other.State.Power == PowerState.Offline, "its end");
        Assert.Null(await StartAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    public async Task Start_AnotherServerWishesWhatItMayNotHave_IsNoReason(string above)
    {
        await AddOtherAsync(new MountSpec(above.Length > 0 ? above : _folder.Path, "/all", IsReadOnly: false));
        Assert.Null(await StartAsync());
    }

    private async Task<OrleansWings.Silo.Servers.PowerWorker> AddOtherAsync(MountSpec mount)
        => (await _program.Servers.AssignAsync(ServerSamples.Assignment with { Server = ServerId.New(), Version = 1, Spec = HostProgram.Game with { Mounts = [mount] } }))!;

    private static string SharedIn(string folder) => Path.Combine(folder, "shared");

    // Why it did not start; null when it runs.
    private async Task<string?> StartAsync()
    {
        await _program.AddAsync(HostProgram.Game with { Mounts = [new MountSpec(Path.Combine(Shared, "maps"), "/maps")] });
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await HostProgram.UntilAsync(() => _program.Worker.State.Power is PowerState.Running or PowerState.Offline, "an outcome");
        return _program.Worker.State.Power == PowerState.Running ? null : _program.Worker.State.Problem!.Message;
    }
}
