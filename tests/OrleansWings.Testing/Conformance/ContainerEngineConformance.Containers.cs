using OrleansWings.Containers.Engines;
using Xunit;

namespace OrleansWings.Testing.Conformance;

public abstract partial class ContainerEngineConformance
{
    [Fact]
    public async Task GetFacts_EngineIsThere_SaysWhatItIs()
    {
        var facts = await Engine.GetFactsAsync(Token);
        Assert.NotEmpty(facts.Version);
        Assert.NotEmpty(facts.ApiVersion);
        Assert.NotEmpty(facts.Id);
        Assert.InRange(facts.Cores, 1, 4096);
        Assert.InRange(facts.MemoryBytes, 1, long.MaxValue);
        Assert.Contains(facts.CgroupVersion, (string[])["1", "2"]);
    }

    [Fact]
    public async Task Create_NewSpec_IsThereAndDoesNotRun()
    {
        var spec = NewSpec();
        var id = await Engine.CreateAsync(spec, Token);
        var state = await Engine.InspectAsync(spec.Name, Token);
        Assert.NotNull(state);
        Assert.Equal(id, state.Id);
        Assert.Equal(spec.Name, state.Name);
        Assert.Equal(spec.Image, state.Image);
        Assert.Equal(spec.Labels[Label], state.Labels[Label]);
        Assert.True(state.IsCreated);
        Assert.False(state.IsRunning);
        Assert.Null(state.StartedAt);
        Assert.Null(state.Exit);

        var listed = Assert.Single(await Engine.ListAsync(OwnLabel, Token));
        Assert.Equal(id, listed.Id);
        Assert.Equal(spec.Name, listed.Name);
        Assert.True(listed.IsCreated);
    }

    [Fact]
    public async Task Inspect_NewContainer_SaysWhatItWasMadeWith()
    {
        var spec = NewSpec() with
        {
            NetworkMode = "bridge", // ports of a container without a network are not every engine's to keep
            Environment = new Dictionary<string, string> { ["STARTUP"] = "game --a=b", ["EMPTY"] = "" },
            Command = ["game", "-x"],
            Ports = [new PortBinding("127.0.0.1", 27_001), new PortBinding("127.0.0.1", 27_000), new PortBinding("127.0.0.2", 27_000)],
            Mounts = [new BindMount("/tmp", "/maps", IsReadOnly: true), new BindMount("/tmp", "/scratch", IsReadOnly: false)],
        };
        await Engine.CreateAsync(spec, Token);

        var making = (await Engine.InspectAsync(spec.Name, Token))!.Making!;

        Assert.Equal(("game --a=b", ""), (making.Environment["STARTUP"], making.Environment["EMPTY"]));
        Assert.Equal(spec.Command, making.Command);
        Assert.Equal(spec.Ports.ToHashSet(), making.Ports.ToHashSet());
        Assert.Equal(spec.Ports.Count, making.Ports.Count);
        Assert.Equal(spec.Mounts.OrderBy(mount => mount.Target), making.Mounts.OrderBy(mount => mount.Target));
    }

    [Fact]
    public async Task Create_ImageIsNotThere_ThrowsImageMissing()
    {
        var spec = NewSpec() with { Image = "orleanswings-no-such-image:1" };
        var failure = await Assert.ThrowsAsync<ImageMissingException>(() => Engine.CreateAsync(spec, Token));
        Assert.Equal(spec.Image, failure.Image);
    }

    [Fact]
    public async Task Create_NameIsInUse_ThrowsNameTaken()
    {
        var name = await CreateAsync();
        await Assert.ThrowsAsync<NameTakenException>(() => Engine.CreateAsync(NewSpec() with { Name = name }, Token));
    }

    [Fact]
    public async Task Inspect_NoSuchContainer_IsNull() => Assert.Null(await Engine.InspectAsync(Guid.NewGuid().ToString("D"), Token));

    [Fact]
    public async Task Inspect_ById_FindsTheSame()
    {
        var id = await Engine.CreateAsync(NewSpec(), Token);
        Assert.Equal(id, (await Engine.InspectAsync(id.Value, Token))?.Id);
    }

    [Fact]
    public async Task List_OtherLabel_LeavesItOut()
    {
        await CreateAsync();
        Assert.Empty(await Engine.ListAsync($"{Label}=somebody-else", Token));
        Assert.NotEmpty(await Engine.ListAsync(Label, Token));
    }

    [Fact]
    public async Task Remove_NoSuchContainer_IsFalse() => Assert.False(await Engine.RemoveAsync(Guid.NewGuid().ToString("D"), force: true, Token));

    [Fact]
    public async Task Remove_RunningUnforced_IsRefused()
    {
        var (name, _) = await RunAsync();
        await Assert.ThrowsAnyAsync<EngineException>(() => Engine.RemoveAsync(name, force: false, Token));
        Assert.True((await Engine.InspectAsync(name, Token))?.IsRunning);
    }

    [Fact]
    public async Task Remove_RunningForced_IsGone()
    {
        var (name, console) = await RunAsync();
        Assert.True(await Engine.RemoveAsync(name, force: true, Token));
        Assert.Null(await Engine.InspectAsync(name, Token));
        await console.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Remove_ExitedUnforced_FreesTheName()
    {
        var (name, console) = await RunAsync();
        await EndAsync(name, console, "stop");
        Assert.True(await Engine.RemoveAsync(name, force: false, Token));
        await CreateAsync(NewSpec() with { Name = name });
    }

    [Fact]
    public async Task Rename_RunningContainer_HasTheNewNameAndRunsOn()
    {
        var (name, _) = await RunAsync();
        var other = Guid.NewGuid().ToString("D");
        var before = await Engine.InspectAsync(name, Token);

        Assert.True(await Engine.RenameAsync(name, other, Token));

        Assert.Null(await Engine.InspectAsync(name, Token));
        var after = await Engine.InspectAsync(other, Token);
        Assert.Equal((before!.Id, other, true), (after!.Id, after.Name, after.IsRunning));
        Assert.Equal(other, Assert.Single(await Engine.ListAsync(OwnLabel, Token)).Name);
        Assert.True(await Engine.RenameAsync(other, other, Token));
        Assert.True(await Engine.RemoveAsync(other, force: true, Token));
    }

    [Fact]
    public async Task Rename_NameIsAnothers_ThrowsNameTakenAndKeepsItsOwn()
    {
        var (one, other) = (await CreateAsync(), await CreateAsync());
        await Assert.ThrowsAsync<NameTakenException>(() => Engine.RenameAsync(one, other, Token));
        Assert.NotNull(await Engine.InspectAsync(one, Token));
    }

    [Fact]
    public async Task Rename_NoSuchContainer_IsFalse() => Assert.False(await Engine.RenameAsync(Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"), Token));

    [Fact]
    public async Task Update_LiveContainer_IsAccepted()
    {
        var (name, _) = await RunAsync(NewSpec() with { Limits = new ContainerLimits { MemoryBytes = 64 << 20, MemorySwapBytes = 64 << 20, CpuQuota = 50_000, ProcessLimit = 50 } });
        Assert.True(await Engine.UpdateAsync(name, new ContainerLimits { MemoryBytes = 128 << 20, MemorySwapBytes = 128 << 20, CpuQuota = 75_000, ProcessLimit = 60 }, Token));
        Assert.True(await Engine.UpdateAsync(name, new ContainerLimits(), Token));
        Assert.True((await Engine.InspectAsync(name, Token))?.IsRunning);
    }

    [Fact]
    public async Task Update_NoSuchContainer_IsFalse() => Assert.False(await Engine.UpdateAsync(Guid.NewGuid().ToString("D"), new ContainerLimits { MemoryBytes = 64 << 20 }, Token));
}
