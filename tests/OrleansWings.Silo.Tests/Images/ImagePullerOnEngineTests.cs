using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Images;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Networks;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Silo.Tests.Images;

/// <summary>Many who wait for one image, on a real engine and from a real registry with a password.</summary>
[Trait("Needs", "Docker")]
public sealed class ImagePullerOnEngineTests
{
    private const int Port = 28_505;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pull_ByMany_IsOneRequestToTheEngineAndTellsEachOfTheWholeLayer()
    {
        await using var place = await Place.OpenAsync("shared", TimeProvider.System);
        var (first, later) = (place.Proxy.All(EngineFault.Hold, "POST", "/images/create"), place.Proxy.All(EngineFault.Delay, "POST", "/images/create"));
        ConcurrentQueue<PullStatus>[] told = [new(), new(), new()];
        Task[] waits = [.. told.Select(mine => place.Puller.PullAsync(place.Image, status => Tell(mine, status), s_token))];
        await first.Reached;
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);

        first.End();
        await Task.WhenAll(waits).WaitAsync(s_patience, s_token);

        Assert.Equal((1, 0), (first.Hits, later.Hits));
        Assert.All(told, mine =>
        {
            Assert.Contains(mine, IsHalfWay);
            Assert.Equal((1, "100 %, 1 of 1 layers"), (mine.Last().Part, mine.Last().Text));
        });

        void Tell(ConcurrentQueue<PullStatus> mine, PullStatus status)
        {
            mine.Enqueue(status);
            if (told.All(each => each.Any(IsHalfWay)))
                place.Download.GoOn();
        }
    }

    [Fact]
    public async Task Pull_NotDoneAfterAQuarterOfAnHour_IsGivenUp_AndTheNextOneComesToItsEnd()
    {
        var time = new FakeTimeProvider();
        await using var place = await Place.OpenAsync("slow", time);
        var half = new TaskCompletionSource();
        var pull = place.Puller.PullAsync(place.Image, status => _ = IsHalfWay(status) && half.TrySetResult(), s_token);
        await half.Task.WaitAsync(s_patience, s_token);

        time.Advance(ImagePuller.Timeout - TimeSpan.FromSeconds(1));
        Assert.False(pull.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var fault = await Assert.ThrowsAsync<ImagePullException>(() => pull.WaitAsync(s_patience, s_token));
        Assert.Equal($"The image {place.Image} could not be pulled: it was not done after 15 minutes.", fault.Message);
        Assert.Null(await place.Engine.InspectImageAsync(place.Image, s_token));
        place.Download.GoOn();
        await place.Puller.PullAsync(place.Image, _ => { }, s_token).WaitAsync(s_patience, s_token);
        Assert.NotNull(await place.Engine.InspectImageAsync(place.Image, s_token));
    }

    private static bool IsHalfWay(PullStatus status) => status.Layers is [{ Status: "Downloading" }];

    // A registry with an image of one layer, whose download stops half-way, and a puller that may have it.
    private sealed class Place : IAsyncDisposable
    {
        private readonly DockerCommand _docker = new(RealEngine.Require());
        private readonly string _folder = Directory.CreateTempSubdirectory("ow-pull-").FullName;
        private PrivateRegistry? _registry;

        private Place(TimeProvider time)
        {
            Engine = new DockerContainerEngine(Proxy.Address);
            Puller = new ImagePuller(Engine, new RegistryLogins(new DockerHostOptions { RegistriesFile = LoginsFile }, NullLogger<RegistryLogins>.Instance), time);
        }

        // On loopback all may be there before anything is told of it.
        public HeldDownload Download { get; } = new(Port, heldAfter: 4 << 20);

        public EngineProxy Proxy { get; } = new(RealEngine.Require());

        public DockerContainerEngine Engine { get; }

        public ImagePuller Puller { get; }

        public string Image { get; private set; } = "";

        private string LoginsFile => Path.Combine(_folder, "registries.json");

        public static async Task<Place> OpenAsync(string name, TimeProvider time)
        {
            var place = new Place(time);
            var registry = place._registry = await PrivateRegistry.StartAsync(Port, s_token);
            await registry.PushNewLayerAsync($"games/{name}:1", s_token);
            place.Image = $"{place.Download.Address}/games/{name}:1";
            await File.WriteAllTextAsync(
                place.LoginsFile, $$"""{ "{{place.Download.Address}}": { "username": "{{registry.Credentials.UserName}}", "password": "{{registry.Credentials.Password}}" } }""", s_token);
            return place;
        }

        public async ValueTask DisposeAsync()
        {
            if (Image.Length > 0 && await Engine.InspectImageAsync(Image, CancellationToken.None) is not null)
                await _docker.RunAsync("rmi", Image);
            await Engine.DisposeAsync();
            await Proxy.DisposeAsync();
            await Download.DisposeAsync();
            if (_registry is not null)
                await _registry.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
