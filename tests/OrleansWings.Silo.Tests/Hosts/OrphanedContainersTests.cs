using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

/// <summary>A container of this installation whose server nobody knows: read for a record, or removed; nothing else is touched.</summary>
public sealed class OrphanedContainersTests : IAsyncLifetime
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;
    private static readonly ServerId s_orphan = ServerId.Parse("0197e4a0-0000-7000-8000-0000000000aa");

    private readonly TempFolder _folder = new();
    private readonly FakeContainerEngine _engine = new();
    private readonly HostProgram _program;
    private readonly OrphanedContainers _orphans;

    public OrphanedContainersTests()
    {
        _program = new HostProgram(_folder.Path, _engine);
        _orphans = new OrphanedContainers(_program.Servers);
    }

    public async ValueTask InitializeAsync()
    {
        await _program.ResumedAsync();
        await _program.AddAsync(HostProgram.Game);
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_OfAnOrphan_IsWhatARecordWouldSay()
    {
        var read = await _orphans.ReadAsync(await RunAsync(), s_token);

        Assert.True(read.Refusal.IsAccepted, read.Refusal.Message);
        Assert.Equal((s_orphan, ServerSamples.Host, 3, 1, 5), (read.Assignment!.Server, read.Assignment.Host, read.Assignment.Epoch, read.Assignment.Version, read.Assignment.LastRun));
        Assert.Equal(HostProgram.Game.Startup, read.Assignment.Spec.Startup);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // also one that somebody renamed
    public async Task Adopted_AsTheRecordTellsIt_TheGameGoesOnAndTakesCommands(bool isRenamed)
    {
        var id = await RunAsync(spec => isRenamed ? spec with { Name = "lost-and-found" } : spec);
        var read = await _orphans.ReadAsync(id, s_token);

        var worker = (await _program.Servers.AssignAsync(read.Assignment!))!;

        await HostProgram.UntilAsync(() => worker.State is { Power: PowerState.Running, Run: 5 }, "the orphan to be a running server");
        await HostProgram.UntilAsync(() => worker.Console.IsAttached, "its console");
        Assert.True(_engine.Find(id)!.IsRunning);
        Assert.Null((await _orphans.ReadAsync(id, s_token)).Assignment);
    }

    [Fact]
    public async Task ReadAndRemove_FilesOfAnotherHostOnTheSameEngine_AreRefused()
    {
        var id = await RunAsync(spec => spec with { Mounts = [new BindMount($"/other/volumes/{s_orphan}", "/home/container", false)] });

        var read = await _orphans.ReadAsync(id, s_token);
        var removed = await _orphans.RemoveAsync(id, s_token);

        Assert.Null(read.Assignment);
        Assert.Equal((ServerRefusal.NotFound, ServerRefusal.NotFound), (read.Refusal.Refusal, removed.Refusal));
        Assert.True(_engine.Find(id)!.IsRunning);
    }

    [Theory]
    [InlineData(ContainerLabels.Cluster, "0197e4a0-0000-7000-8000-0000000000ff")]
    [InlineData(ContainerLabels.Kind, "installer")]
    [InlineData(ContainerLabels.ServerId, "no id")]
    [InlineData(ContainerLabels.ServerId, "0197e4a0-0000-7000-8000-000000000001")]
    public async Task Remove_OfWhatIsNoOrphan_TouchesNothing(string label, string value)
    {
        var id = await RunAsync(spec => spec with { Labels = new Dictionary<string, string>(spec.Labels) { [label] = value } });

        var answer = await _orphans.RemoveAsync(id, s_token);

        Assert.Equal((ServerRefusal.NotFound, $"The container {new ContainerId(id)} is gone, or its server is known by now, or its files are not among this host's: look again."), (answer.Refusal, answer.Message));
        Assert.True(_engine.Find(id)!.IsRunning);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../x")]
    [InlineData("0197e4a0-0000-7000-8000-000000000001")]
    public async Task Remove_ByAnythingButAnId_IsRefused(string typed)
    {
        Assert.Equal(ServerRefusal.NotFound, (await _orphans.RemoveAsync(typed, s_token)).Refusal);
        Assert.True(_engine.Find(ServerSamples.Id.ToString())!.IsRunning);
    }

    [Fact]
    public async Task Remove_OfAnOrphan_RemovesItAndLeavesTheFiles()
    {
        var id = await RunAsync();
        var file = Path.Combine(Directory.CreateDirectory(_program.Paths.Volume(s_orphan)).FullName, "world");
        await File.WriteAllTextAsync(file, "blocks", s_token);

        Assert.True((await _orphans.RemoveAsync(id, s_token)).IsAccepted);

        Assert.Null(_engine.Find(id));
        Assert.True(File.Exists(file));
        Assert.False((await _orphans.RemoveAsync(id, s_token)).IsAccepted);
    }

    private async Task<string> RunAsync(Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var spec = _engine.Find(ServerSamples.Id.ToString())!.Spec;
        spec = spec with
        {
            Name = s_orphan.ToString(),
            Labels = new Dictionary<string, string>(spec.Labels) { [ContainerLabels.ServerId] = s_orphan.ToString(), [ContainerLabels.Run] = "5", [ContainerLabels.Epoch] = "3" },
            Mounts = [new BindMount(_program.Paths.Volume(s_orphan), "/home/container", false)],
        };
        spec = change?.Invoke(spec) ?? spec;
        var id = await _engine.CreateAsync(spec, s_token);
        await _engine.StartAsync(id.Value, s_token);
        return id.Value;
    }
}
