using System.Collections.Concurrent;
using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Networks;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>Pulls from a real registry that asks for a login.</summary>
[Trait("Needs", "Docker")]
public sealed class PullTests : ContainerEngineRunner
{
    private const int Port = 28_500;

    private PrivateRegistry _registry = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _registry = await PrivateRegistry.StartAsync(Port, Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_registry is not null)
            await _registry.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task PullImage_PrivateRegistry_WantsTheRightLogin()
    {
        var image = await _registry.PushAsync(Image, "games/test:1", Token);
        Assert.Null(await Engine.InspectImageAsync(image, Token));

        await Assert.ThrowsAsync<ImagePullException>(() => Engine.PullImageAsync(image, null, null, Token));
        await Assert.ThrowsAsync<ImagePullException>(() => Engine.PullImageAsync(image, _registry.Credentials with { Password = "guessed" }, null, Token));
        var missing = await Assert.ThrowsAsync<ImagePullException>(() => Engine.PullImageAsync($"{_registry.Address}/games/test:2", _registry.Credentials, null, Token));
        Assert.Contains("no such image or tag", missing.Message, StringComparison.Ordinal);
        Assert.Null(await Engine.InspectImageAsync(image, Token));

        var steps = new Steps();
        await Engine.PullImageAsync(image, _registry.Credentials, steps, Token);
        Assert.NotNull(await Engine.InspectImageAsync(image, Token));
        Assert.NotEmpty(steps.Seen);
        await HostCommand.RunAsync("docker", ["-H", RealEngine.Require().ToString(), "rmi", image], Token);
    }

    [Fact]
    public async Task PullImage_LayerThatIsNotOnTheEngine_IsToldFromItsDownloadToItsEnd()
    {
        await _registry.PushNewLayerAsync("games/layer:1", Token);
        // An engine tells how far it is a few times a second: on loopback all is there before. So it is not, until that was told.
        await using var download = new HeldDownload(Port, heldAfter: 4 << 20);
        var image = $"{download.Address}/games/layer:1";
        Assert.Null(await Engine.InspectImageAsync(image, Token));

        var steps = new Steps(step => { if (IsHalfWay(step)) download.GoOn(); });
        await Engine.PullImageAsync(image, _registry.Credentials with { Registry = download.Address }, steps, Token).WaitAsync(TimeSpan.FromMinutes(2), Token);

        // The first step names the tag in the layer's place.
        var layer = Assert.Single(steps.Seen.Where(step => step.Layer.Length > 0 && !step.Status.StartsWith("Pulling from", StringComparison.Ordinal)).GroupBy(step => step.Layer));
        Assert.Contains(layer, IsHalfWay);
        Assert.Equal("Pull complete", layer.Last().Status);
        await HostCommand.RunAsync("docker", ["-H", RealEngine.Require().ToString(), "rmi", image], Token);
    }

    private static bool IsHalfWay(PullProgress step) => step is { Status: "Downloading", TotalBytes: >= 8 << 20, CurrentBytes: > 0 };

    [Fact]
    public async Task PullImage_Cancelled_EndsAtOnce()
    {
        using var cancelled = new CancellationTokenSource();
        var pulling = Engine.PullImageAsync($"{_registry.Address}/games/test:3", _registry.Credentials, null, cancelled.Token);
        await cancelled.CancelAsync();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pulling.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.True(failure is OperationCanceledException or ImagePullException); // the answer may have been there first
    }

    private sealed class Steps(Action<PullProgress>? then = null) : IProgress<PullProgress>
    {
        public ConcurrentQueue<PullProgress> Seen { get; } = new();

        public void Report(PullProgress value)
        {
            Seen.Enqueue(value);
            then?.Invoke(value);
        }
    }
}
