using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Folders of the host: what may be mounted, what a deletion and its undoing leave.</summary>
public sealed class ServerFolderTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private string Allowed => Path.Combine(_folder.Path, "a");

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a/", true)]
    [InlineData("a/b/c", true)]
    [InlineData("a/inside", true)]
    [InlineData("to-a/b", true)]
    [InlineData("ab", false)]
    [InlineData("", false)]
    [InlineData("a/../ab", false)]
    [InlineData("a/out", false)]
    [InlineData("a/out/b", false)]
    [InlineData("a/b/up", false)]
    [InlineData("a/chain", false)]
    public void Resolve_OfASource_ComparesFoldersAfterLinks(string source, bool isAllowed)
    {
        Directory.CreateDirectory(Path.Combine(Allowed, "b", "c"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "ab", "b"));
        Link("a/out", Path.Combine(_folder.Path, "ab"));
        Link("a/inside", Path.Combine(Allowed, "b"));
        Link("a/b/up", "../../ab");
        Link("a/chain", Path.Combine(Allowed, "out"));
        Link("to-a", Allowed);
        ImmutableArray<MountSpec> mounts = [new(Path.Combine(_folder.Path, source), "/maps")];

        var fault = Record.Exception(() => MountGuard.Resolve(mounts, [Allowed], []));

        if (isAllowed)
            Assert.Null(fault);
        else
            Assert.Equal($"{mounts[0].Source} may not be mounted: it is not in a folder that this host allows (WINGS_MOUNTS).", Assert.IsType<EngineException>(fault).Message);
    }

    [Fact]
    public void Resolve_OfALink_GivesWhereItLeadsNow()
    {
        var inside = Directory.CreateDirectory(Path.Combine(Allowed, "b")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder.Path, "ab"));
        Link("a/link", inside);
        var mount = new MountSpec(Path.Combine(Allowed, "link"), "/maps", IsReadOnly: false);

        var resolved = MountGuard.Resolve([mount], [Allowed], []);
        // What its owner could do between the check and the engine's mount.
        File.Delete(mount.Source);
        Link("a/link", Path.Combine(_folder.Path, "ab"));

        Assert.Equal([mount with { Source = inside }], resolved);
    }

    [Theory]
    [InlineData("a", null)] // the folder itself cannot be replaced from within
    [InlineData("a/b", "a")]
    [InlineData("a/b/c", "a")]
    [InlineData("to-a/b", "a")]
    [InlineData("a-twin/b", null)]
    public void Resolve_OfASourceThatAServerCouldReplace_IsRefused(string source, string? written)
    {
        Directory.CreateDirectory(Path.Combine(Allowed, "b", "c"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "a-twin", "b"));
        Link("to-a", Allowed);
        var mount = new MountSpec(Path.Combine(_folder.Path, source), "/maps");

        var fault = Record.Exception(() => MountGuard.Resolve([mount], [_folder.Path], [Path.Combine(_folder.Path, "to-a"), "/srv/nowhere"]));

        if (written is null)
            Assert.Null(fault);
        else
            Assert.StartsWith($"{mount.Source} may not be mounted: it lies in {Path.Combine(_folder.Path, written)}, which a server may write to", Assert.IsType<EngineException>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_OfLinksThatLeadInACircle_SaysSo()
    {
        Directory.CreateDirectory(Allowed);
        // Each has its own target: the kernel's counter would end it, ours must too.
        for (var i = 0; i < 60; i++)
            Link($"a/{i}", Path.Combine(Allowed, $"{i + 1}"));
        Directory.CreateDirectory(Path.Combine(Allowed, "60"));

        var fault = Assert.Throws<EngineException>(() => MountGuard.Resolve([new MountSpec(Path.Combine(Allowed, "0"), "/maps")], [Allowed], []));
        Assert.StartsWith(Path.Combine(Allowed, "0"), fault.Message, StringComparison.Ordinal);
        Assert.Empty(MountGuard.Resolve([], [Allowed], []));
    }

    [Fact]
    public void Resolve_OfASourceThatIsNowhereAndNotAllowed_DoesNotAskForItFirst()
        => Assert.Equal("/srv/nowhere/x may not be mounted: it is not in a folder that this host allows (WINGS_MOUNTS).",
            Assert.Throws<EngineException>(() => MountGuard.Resolve([new MountSpec("/srv/nowhere/x", "/maps")], [], [])).Message);

    [Fact]
    public void Resolve_OfASourceThatIsNotThere_SaysSo()
        => Assert.Equal("/srv/nowhere/x cannot be mounted: there is no such folder on this host.",
            Assert.Throws<EngineException>(() => MountGuard.Resolve([new MountSpec("/srv/nowhere/x", "/maps")], ["/srv"], [])).Message);

    [Fact]
    public void Resolve_WhenNothingIsAllowed_RefusesEverything()
        => Assert.Throws<EngineException>(() => MountGuard.Resolve([new MountSpec("/srv", "/maps")], [], []));

    [Fact]
    public async Task Deletion_ThenUndone_BringsTheFilesBackAlsoWhenStartedAtOnce()
    {
        await using var engine = new FakeContainerEngine();
        await using var program = new HostProgram(_folder.Path, engine);
        await program.ResumedAsync();
        var worker = await program.AddAsync();
        var world = Path.Combine(program.Paths.Volume(ServerSamples.Id), "world");
        await worker.RequestAsync(PowerAction.Start);
        await program.UntilAsync(PowerState.Running);
        await File.WriteAllTextAsync(world, "kept");
        for (var version = 2; version < 42; version += 2)
        {
            await program.AddAsync(version: version, isDeleted: true);
            if (version % 4 == 0)
                await HostProgram.UntilAsync(() => worker.State.DeletedVersion == worker.State.Assignment.Version, "the deletion");
            await program.AddAsync(version: version + 1);
            await HostProgram.UntilAsync(() => worker.State.Power == PowerState.Offline, "offline");
            Assert.True((await worker.RequestAsync(PowerAction.Start)).IsAccepted);
            await program.UntilAsync(PowerState.Running);

            Assert.Equal("kept", await File.ReadAllTextAsync(world));
        }
    }

    [Fact]
    public async Task Undeletion_WhileTheEngineStillRemovesTheContainer_KeepsTheFiles()
    {
        await using var engine = new FakeContainerEngine();
        await using var program = new HostProgram(_folder.Path, engine);
        await program.ResumedAsync();
        var worker = await program.AddAsync();
        var volume = program.Paths.Volume(ServerSamples.Id);
        await worker.RequestAsync(PowerAction.Start);
        await program.UntilAsync(PowerState.Running);
        await worker.RequestAsync(PowerAction.Kill);
        await program.UntilAsync(PowerState.Offline);
        var undone = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var removals = 0;
        engine.Fault = (call, _) =>
        {
            if (call == "remove" && Interlocked.Exchange(ref removals, 1) == 0)
                undone.SetResult(program.AddAsync(version: 3));
            return null;
        };

        await program.AddAsync(version: 2, isDeleted: true);
        await await undone.Task;

        await HostProgram.UntilAsync(() => Directory.Exists(volume) && !Directory.Exists(program.Paths.Trash(ServerSamples.Id)), "the files");
        Assert.Equal((0L, false), (worker.State.DeletedVersion, worker.State.IsDeleted));
    }

    [Fact]
    public async Task Deletion_AStrangersContainerHasTheName_IsLeftAlone()
    {
        await using var engine = new FakeContainerEngine();
        await using var program = new HostProgram(_folder.Path, engine);
        await program.ResumedAsync();
        var worker = await program.AddAsync();
        var name = ServerSamples.Id.ToString();
        var stranger = await engine.CreateAsync(new ContainerSpec { Name = name, Image = FakeContainerEngine.TestImage }, TestContext.Current.CancellationToken);

        await program.AddAsync(version: 2, isDeleted: true);
        await HostProgram.UntilAsync(() => worker.State.DeletedVersion == 2, "the deletion");

        Assert.Equal(stranger, (await engine.InspectAsync(name, TestContext.Current.CancellationToken))!.Id);
    }

    [Fact]
    public async Task Forget_OfAServer_TakesItsConsoleAlong()
    {
        await using var engine = new FakeContainerEngine();
        await using var program = new HostProgram(_folder.Path, engine);
        await program.ResumedAsync();
        await program.AddAsync();
        var console = Directory.CreateDirectory(program.Paths.Console(ServerSamples.Id)).FullName;

        await program.Servers.ForgetAsync(ServerSamples.Id);

        Assert.False(Directory.Exists(console));
        Assert.Null(program.Servers.Find(ServerSamples.Id));
    }

    [Fact]
    public async Task Forget_ThatFails_IsTriedAgainBecauseTheServerIsStillKnown()
    {
        await using var engine = new FakeContainerEngine();
        await using var program = new HostProgram(_folder.Path, engine);
        await program.ResumedAsync();
        await program.AddAsync();
        var console = program.Paths.Console(ServerSamples.Id);
        // What is mounted cannot be removed.
        using (new SmallDisk(64, Path.Combine(console, "in-the-way")))
        {
            await Assert.ThrowsAnyAsync<IOException>(() => program.Servers.ForgetAsync(ServerSamples.Id));
            Assert.NotNull(program.Servers.Find(ServerSamples.Id));
        }

        await program.Servers.ForgetAsync(ServerSamples.Id);

        Assert.False(Directory.Exists(console));
        Assert.Null(program.Servers.Find(ServerSamples.Id));
    }

    [Fact]
    public async Task Assign_OfAServerThatIsDeletedAlready_CarriesOutThatVersion()
    {
        await using var engine = new FakeContainerEngine();
        await using var program = new HostProgram(_folder.Path, engine);
        await program.ResumedAsync();

        var worker = await program.AddAsync(version: 6, isDeleted: true);

        await HostProgram.UntilAsync(() => worker.State.DeletedVersion == 6, "the deletion of version 6");
        Assert.Equal(6, worker.State.Assignment.Version);
    }

    [Theory]
    [InlineData(4, 4, true)]
    [InlineData(4, 0, false)]
    public void IsDue_AfterTheAge_OnlyWhenItWasCarriedOut(long version, long deletedVersion, bool isDue)
    {
        var state = ServerSamples.In("offline") with { Assignment = ServerSamples.Deleted(version), DeletedVersion = deletedVersion };
        var age = TimeSpan.FromDays(7);

        Assert.Equal(isDue, TrashKeeper.IsDue(state, ServerSamples.Now + age, age));
        Assert.False(TrashKeeper.IsDue(state, ServerSamples.Now + age - TimeSpan.FromTicks(1), age));
        Assert.False(TrashKeeper.IsDue(ServerSamples.In("offline"), ServerSamples.Now.AddYears(1), age));
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_folder.Path, name), target);
}
