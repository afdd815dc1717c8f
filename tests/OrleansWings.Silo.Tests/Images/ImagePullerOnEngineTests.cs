using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
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

    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pull_ByMany_IsOneRequestToTheEngineAndTellsEachOfTheWholeLayer()
    {
        var docker = new DockerCommand(RealEngine.Require());
        await using var registry = await PrivateRegistry.StartAsync(Port, s_token);
        // On loopback all may be there before anything is told of it: half-way it waits until each was told.
        await using var download = new HeldDownload(Port, heldAfter: 4 << 20);
        await using var proxy = new EngineProxy(RealEngine.Require());
        await using var engine = new DockerContainerEngine(proxy.Address);
        var folder = Directory.CreateTempSubdirectory("ow-shared-").FullName;
        var image = "";
        try
        {
            await registry.PushNewLayerAsync("games/shared:1", s_token);
            image = $"{download.Address}/games/shared:1";
            var logins = Path.Combine(folder, "registries.json");
            await File.WriteAllTextAsync(logins, $$"""{ "{{download.Address}}": { "username": "{{registry.Credentials.UserName}}", "password": "{{registry.Credentials.Password}}" } }""", s_token);
            var puller = new ImagePuller(engine, new RegistryLogins(new DockerHostOptions { RegistriesFile = logins }, NullLogger<RegistryLogins>.Instance), TimeProvider.System);
            var (first, later) = (proxy.All(EngineFault.Hold, "POST", "/images/create"), proxy.All(EngineFault.Delay, "POST", "/images/create"));
            ConcurrentQueue<PullStatus>[] told = [new(), new(), new()];
            Task[] waits = [.. told.Select(mine => puller.PullAsync(image, status => Tell(mine, status), s_token))];
            await first.Reached;
            Assert.DoesNotContain(waits, wait => wait.IsCompleted);

            first.End();
            await Task.WhenAll(waits).WaitAsync(TimeSpan.FromMinutes(2), s_token);

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
                    download.GoOn();
            }
        }
        finally
        {
            if (image.Length > 0 && await engine.InspectImageAsync(image, CancellationToken.None) is not null)
                await docker.RunAsync("rmi", image);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsHalfWay(PullStatus status) => status.Layers is [{ Status: "Downloading" }];
}
