using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;
using Xunit;

namespace OrleansWings.Testing.Conformance;

public abstract partial class ContainerEngineConformance
{
    [Fact]
    public async Task WatchEvents_WholeLife_IsToldInOrder()
    {
        var watch = Engine.WatchEventsAsync(OwnLabel, Token).GetAsyncEnumerator(Token);
        await using (watch)
        {
            Assert.Equal(ContainerEventKind.Watching, await NextAsync(watch));
            var (name, console) = await RunAsync();
            Assert.Equal(ContainerEventKind.Created, await NextAsync(watch));
            Assert.Equal(name, watch.Current.Name);
            Assert.Equal((await Engine.InspectAsync(name, Token))?.Id, watch.Current.Container);
            Assert.Equal(ContainerEventKind.Started, await NextAsync(watch));

            await EndAsync(name, console, "crash 3");
            Assert.Equal(ContainerEventKind.Died, await NextAsync(watch));
            Assert.Equal("3", watch.Current.Attributes["exitCode"]);

            await Engine.RemoveAsync(name, force: false, Token);
            Assert.Equal(ContainerEventKind.Removed, await NextAsync(watch));
            Assert.Equal(name, watch.Current.Name);
        }
    }

    [Fact]
    public async Task WatchEvents_MadeRightAfterTheWatch_IsNeverMissed()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var watch = Engine.WatchEventsAsync(OwnLabel, Token).GetAsyncEnumerator(Token);
            Assert.Equal(ContainerEventKind.Watching, await NextAsync(watch));
            var name = await CreateAsync();
            Assert.Equal(ContainerEventKind.Created, await NextAsync(watch));
            Assert.Equal(name, watch.Current.Name);
        }
    }

    [Fact]
    public async Task WatchEvents_Cancelled_Ends()
    {
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var watch = Engine.WatchEventsAsync(OwnLabel, cancelling.Token).GetAsyncEnumerator(Token);
        Assert.Equal(ContainerEventKind.Watching, await NextAsync(watch));
        var next = watch.MoveNextAsync().AsTask();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task WatchUsage_Running_CountsUntilTheEnd()
    {
        var (name, console) = await RunAsync();
        var samples = new List<UsageCounters>();
        await foreach (var sample in Engine.WatchUsageAsync(name, Token))
        {
            samples.Add(sample);
            if (samples.Count == 2)
                await EndAsync(name, console, "stop");
        }

        Assert.True(samples.Count >= 2);
        Assert.True(samples[1].At > samples[0].At);
        Assert.All(samples, sample => Assert.True(sample.MemoryBytes > 0));
        Assert.All(samples, sample => Assert.True(sample.Processes > 0));
    }

    [Fact]
    public async Task InspectImage_ThereAndNot_IsStateAndNull()
    {
        var image = await Engine.InspectImageAsync(Image, Token);
        Assert.NotNull(image);
        Assert.Contains(Image, image.Tags);
        Assert.True(image.SizeBytes > 0);
        Assert.Null(await Engine.InspectImageAsync("orleanswings-no-such-image:1", Token));
        Assert.Contains(Image, await Engine.ListImagesAsync(Token));
    }

    [Fact]
    public async Task StoredImages_OneThatAContainerIsMadeOf_IsUsedAndNotRemoved()
    {
        await Engine.CreateAsync(NewSpec(), Token);
        var image = Assert.Single(await Engine.ListStoredImagesAsync(Token), image => image.Tags.Contains(Image));

        Assert.True(image.IsUsed);
        Assert.True(image.SizeBytes > 0);
        await Assert.ThrowsAnyAsync<EngineException>(() => Engine.RemoveImageAsync(image.Id, Token));
        Assert.NotNull(await Engine.InspectImageAsync(Image, Token));
        Assert.False(await Engine.RemoveImageAsync("orleanswings-no-such-image:1", Token));
    }

    [Fact]
    public async Task PullImage_NoRegistryHasIt_ThrowsWithTheReason()
    {
        // Port 9 of the engine's own machine: nothing leaves it, and nobody answers.
        var failure = await Assert.ThrowsAsync<ImagePullException>(() => Engine.PullImageAsync("127.0.0.1:9/no-such-image:1", null, null, Token));
        Assert.Equal("127.0.0.1:9/no-such-image:1", failure.Image);
        Assert.Contains("registry", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_MadeFoundAndRemoved_IsGone()
    {
        var name = NewNetwork();
        Assert.Null(await Engine.InspectNetworkAsync(name, Token));
        await Engine.CreateNetworkAsync(new NetworkSpec { Name = name, Subnet = "10.211.1.0/24", Gateway = "10.211.1.1", Labels = new Dictionary<string, string> { [Label] = "network" } }, Token);

        var network = await Engine.InspectNetworkAsync(name, Token);
        Assert.NotNull(network);
        Assert.Equal(name, network.Name);
        Assert.Equal("bridge", network.Driver);
        Assert.Equal("10.211.1.0/24", Assert.Single(network.Subnets));
        Assert.Equal("10.211.1.1", Assert.Single(network.Gateways));
        Assert.Equal("network", network.Labels[Label]);

        await Assert.ThrowsAsync<NameTakenException>(() => Engine.CreateNetworkAsync(new NetworkSpec { Name = name }, Token));
        Assert.True(await Engine.RemoveNetworkAsync(name, Token));
        Assert.False(await Engine.RemoveNetworkAsync(name, Token));
        Assert.Null(await Engine.InspectNetworkAsync(name, Token));
    }

    [Fact]
    public async Task ListNetworks_ByLabel_HasThoseWithItAndWhatAContainerIsOn()
    {
        var (ours, others) = (NewNetwork(), NewNetwork());
        await Engine.CreateNetworkAsync(new NetworkSpec { Name = ours, Subnet = "10.214.1.0/24", Options = new Dictionary<string, string> { ["com.docker.network.host_ipv4"] = "127.0.0.1" }, Labels = new Dictionary<string, string> { [Label] = OwnLabel } }, Token);
        await Engine.CreateNetworkAsync(new NetworkSpec { Name = others, Subnet = "10.214.2.0/24", Labels = new Dictionary<string, string> { [Label] = "another" } }, Token);
        var name = await CreateAsync(NewSpec() with { NetworkMode = ours });

        var network = Assert.Single(await Engine.ListNetworksAsync($"{Label}={OwnLabel}", Token));

        Assert.Equal((ours, "bridge", "127.0.0.1", OwnLabel), (network.Name, network.Driver, network.Options["com.docker.network.host_ipv4"], network.Labels[Label]));
        var byName = (await Engine.ListNetworksAsync(Label, Token)).Select(one => one.Name).ToArray();
        Assert.Equal((true, true, false), (byName.Contains(ours), byName.Contains(others), byName.Contains("bridge")));
        Assert.Empty(await Engine.ListNetworksAsync($"{Label}=nobody's", Token));
        // Of one that does not run too.
        Assert.Equal((name, ours), Assert.Single((await Engine.ListAsync(OwnLabel, Token)).Select(container => (container.Name, container.NetworkMode))));
    }

    [Fact]
    public async Task CreateNetwork_OfBothKinds_HasBoth()
    {
        var name = NewNetwork();
        await Engine.CreateNetworkAsync(new NetworkSpec { Name = name, Subnet = "10.213.1.0/24", Gateway = "10.213.1.1", Subnet6 = "fd00:213::/64", Gateway6 = "fd00:213::1" }, Token);

        var network = await Engine.InspectNetworkAsync(name, Token);

        Assert.Equal(["10.213.1.0/24", "fd00:213::/64"], network!.Subnets.Order());
        Assert.Equal(["10.213.1.1", "fd00:213::1"], network.Gateways.Order());
        Assert.True(await Engine.RemoveNetworkAsync(name, Token));
    }

    [Fact]
    public async Task CreateNetwork_SubnetOverlaps_ThrowsSubnetTaken()
    {
        await Engine.CreateNetworkAsync(new NetworkSpec { Name = NewNetwork(), Subnet = "10.212.0.0/16" }, Token);
        var failure = await Assert.ThrowsAsync<SubnetTakenException>(() => Engine.CreateNetworkAsync(new NetworkSpec { Name = NewNetwork(), Subnet = "10.212.5.0/24" }, Token));
        Assert.Equal("10.212.5.0/24", failure.Subnet);
    }

    [Fact]
    public async Task Call_TokenAlreadyCancelled_ThrowsCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine.GetFactsAsync(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine.CreateAsync(NewSpec(), cancelled.Token));
    }

    [Fact]
    public async Task Call_EngineDisposed_ThrowsObjectDisposed()
    {
        var engine = await OpenEngineAsync();
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.GetFactsAsync(Token));
    }

    private static async Task<ContainerEventKind> NextAsync(IAsyncEnumerator<ContainerEvent> watch)
    {
        // Engines tell more than is asked for (attach, network, kill): those are "other".
        do
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token));
        while (watch.Current.Kind == ContainerEventKind.Other);
        return watch.Current.Kind;
    }
}
