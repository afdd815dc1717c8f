using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Images;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Images;

public sealed class ImagePullerTests
{
    private const string Image = "registry/game:1";

    private readonly FakeTimeProvider _time = new();
    private readonly FakeContainerEngine _engine = new();
    private readonly TaskCompletionSource _gate = new();
    private readonly ImagePuller _puller;

    public ImagePullerTests() => _puller = new ImagePuller(_engine, new RegistryLogins(new DockerHostOptions(), NullLogger<RegistryLogins>.Instance), _time);

    private int Pulls => _engine.Calls.Count(call => call.StartsWith("pull ", StringComparison.Ordinal));

    [Fact]
    public async Task Pull_ByMany_IsOneAndTellsEach()
    {
        _engine.AddRemoteImage(Image, new FakePull { Gate = _gate.Task });
        var told = new int[3];
        var waits = Enumerable.Range(0, 3).Select(i => _puller.PullAsync(Image, _ => Interlocked.Increment(ref told[i]), CancellationToken.None)).ToArray();
        await HostProgram.UntilAsync(() => Array.TrueForAll(told, times => times > 0), "progress of each");
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);

        _gate.SetResult();

        await Task.WhenAll(waits);
        Assert.Equal(1, Pulls);
        Assert.NotNull(await _engine.InspectImageAsync(Image, CancellationToken.None));
    }

    [Fact]
    public async Task Pull_JoinedLate_TellsHowFarItIs()
    {
        _engine.AddRemoteImage(Image, new FakePull { Gate = _gate.Task, Steps = [new("a", "Downloading", 50, 100)] });
        double first = 0, late = 0;
        var waits = new List<Task> { _puller.PullAsync(Image, pull => first = pull.Part, CancellationToken.None) };
        await HostProgram.UntilAsync(() => first > 0, "the only step");

        waits.Add(_puller.PullAsync(Image, pull => late = pull.Part, CancellationToken.None));

        Assert.Equal((0.25, 0.25), (first, late));
        _gate.SetResult();
        await Task.WhenAll(waits);
    }

    [Fact]
    public async Task Pull_OfSeveralLayers_TellsEachInTheOrderOfTheirComing_AndCountsNoTagAsOne()
    {
        _engine.AddRemoteImage(Image, new FakePull
        {
            Steps = [new("1", "Pulling from games/test", 0, 0), new("b", "Pulling fs layer", 0, 0), new("a", "Already exists", 0, 0), new("b", "Downloading", 50, 100), new("", "Digest: sha256:1", 0, 0)],
        });
        var told = new List<PullStatus>();
        await _puller.PullAsync(Image, told.Add, CancellationToken.None);

        Assert.Equal([new PullLayer("b", "Downloading", 50, 100), new PullLayer("a", "Already exists", 0, 0)], told[^1].Layers);
        Assert.Equal("62 %, 1 of 2 layers", told[^1].Text);
        Assert.Equal("0 %", told[0].Text);
    }

    [Fact]
    public async Task Pull_WhenOneLeaves_GoesOnForTheOthers()
    {
        _engine.AddRemoteImage(Image, new FakePull { Gate = _gate.Task });
        using var leaving = new CancellationTokenSource();
        var leaver = _puller.PullAsync(Image, Nothing, leaving.Token);
        var stayer = _puller.PullAsync(Image, Nothing, CancellationToken.None);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        Assert.False(stayer.IsCompleted);
        _gate.SetResult();
        await stayer;
        Assert.Equal(1, Pulls);
    }

    [Fact]
    public async Task Pull_WhenTheLastLeaves_IsEndedAndANewOneBeginsAnew()
    {
        _engine.AddRemoteImage(Image, new FakePull { Gate = _gate.Task });
        using var leaving = new CancellationTokenSource();
        var both = new[] { _puller.PullAsync(Image, Nothing, leaving.Token), _puller.PullAsync(Image, Nothing, leaving.Token) };
        await HostProgram.UntilAsync(() => Pulls == 1, "the pull");

        await leaving.CancelAsync();
        foreach (var wait in both)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);

        _engine.AddRemoteImage(Image);
        await _puller.PullAsync(Image, Nothing, CancellationToken.None);
        _gate.SetResult();
        Assert.Equal(2, Pulls);
    }

    [Fact]
    public async Task Pull_ThatFails_ReachesAllAndTheNextOneIsTried()
    {
        _engine.AddRemoteImage(Image, new FakePull { Gate = _gate.Task, Failure = "the registry is closed." });
        var waits = Enumerable.Range(0, 3).Select(_ => _puller.PullAsync(Image, Nothing, CancellationToken.None)).ToArray();
        _gate.SetResult();
        foreach (var wait in waits)
            Assert.Equal($"The image {Image} could not be pulled: the registry is closed.", (await Assert.ThrowsAsync<ImagePullException>(() => wait)).Message);

        _engine.AddRemoteImage(Image);
        await _puller.PullAsync(Image, Nothing, CancellationToken.None);
        Assert.Equal(2, Pulls);
    }

    [Fact]
    public async Task Pull_ThatTakesTooLong_IsGivenUp()
    {
        _engine.AddRemoteImage(Image, new FakePull { Gate = _gate.Task });
        var wait = _puller.PullAsync(Image, Nothing, CancellationToken.None);
        await HostProgram.UntilAsync(() => Pulls == 1, "the pull");

        _time.Advance(ImagePuller.Timeout);

        Assert.Equal($"The image {Image} could not be pulled: it was not done after 15 minutes.", (await Assert.ThrowsAsync<ImagePullException>(() => wait)).Message);
    }

    [Fact]
    public void Fraction_PerLayers_IsHalfDownloadAndHalfUnpacking()
    {
        Assert.Equal(0, PullMath.Fraction([]));
        Assert.Equal(0, PullMath.Fraction([Layer("Pulling fs layer"), Layer("Waiting")]));
        Assert.Equal(0.25, PullMath.Fraction([Layer("Downloading", 50, 100)]));
        Assert.Equal(0.5, PullMath.Fraction([Layer("Download complete")]));
        Assert.Equal(0.75, PullMath.Fraction([Layer("Extracting", 50, 100)]));
        Assert.Equal(0.5, PullMath.Fraction([Layer("Extracting")]));
        Assert.Equal(1, PullMath.Fraction([Layer("Pull complete"), Layer("Already exists")]));
        Assert.Equal(1, PullMath.Fraction([Layer("Extracting", 300, 100)]));
        Assert.Equal(0.5, PullMath.Fraction([Layer("Pull complete"), Layer("Waiting")]));
    }

    private static PullProgress Layer(string status, long current = 0, long total = 0) => new("a", status, current, total);

    private static void Nothing(PullStatus pull)
    {
    }
}
