using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class EngineWatchTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<EngineWatch> _log = new();
    private readonly FakeContainerEngine _engine;
    private readonly EngineWatch _watch;
    private readonly List<bool> _changes = [];

    private List<bool> Changes { get { lock (_changes) return [.. _changes]; } }

    public EngineWatchTests()
    {
        _engine = new FakeContainerEngine(_time);
        _watch = new EngineWatch(_engine, _time, _log);
        _watch.Changed += isReachable =>
        {
            lock (_changes)
                _changes.Add(isReachable);
        };
    }

    public async ValueTask DisposeAsync()
    {
        (_engine.IsAway, _engine.IsHung) = (false, false);
        await _watch.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public void Watch_BeforeItStarted_IsNotReachableAndSaysWhy()
        => Assert.Equal((false, "The Docker engine has not been asked yet."), (_watch.IsReachable, _watch.Problem));

    [Fact]
    public async Task Stream_ThatBreaks_IsUnreachableWithoutAnyTimePassing()
    {
        await StartAsync();
        var began = _time.GetUtcNow();

        _engine.IsAway = true;

        await HostProgram.UntilAsync(() => !_watch.IsReachable, "unreachable");
        Assert.Equal(began, _time.GetUtcNow());
        Assert.NotNull(_watch.Problem);
        Assert.False(_watch.WaitUntilReachableAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Engine_ThatIsBack_IsReachableWithinSeconds()
    {
        await StartAsync();
        _engine.IsAway = true;
        await HostProgram.UntilAsync(() => !_watch.IsReachable, "unreachable");
        var waiting = _watch.WaitUntilReachableAsync(CancellationToken.None);
        for (var i = 0; i < 20; i++)
            await PassAsync(TimeSpan.FromSeconds(1));
        _engine.IsAway = false;

        await PassUntilAsync(() => _watch.IsReachable, TimeSpan.FromMilliseconds(100), atMost: 20);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Null(_watch.Problem);
        // Who waits may go on before the others are told.
        await HostProgram.UntilAsync(() => Changes.Count == 3, "the word about it");
        Assert.Equal([true, false, true], Changes);
    }

    [Fact]
    public async Task Engine_ThatHangs_IsFoundByAnUnansweredQuestion()
    {
        await StartAsync();

        _engine.IsHung = true;

        await PassUntilAsync(() => !_watch.IsReachable, TimeSpan.FromSeconds(1), atMost: 40);
        Assert.Equal("The Docker engine does not answer.", _watch.Problem);
        _engine.IsHung = false;
        await PassUntilAsync(() => _watch.IsReachable, TimeSpan.FromSeconds(1), atMost: 40);
    }

    [Fact]
    public async Task Engine_ThatBreaksEachWatchOffAtOnce_IsAwayUntilOneLasts()
    {
        await StartAsync();
        var watches = 0;
        _engine.FaultAfterWatch = () =>
        {
            Interlocked.Increment(ref watches);
            return new EngineException("the engine has a headache.");
        };
        _engine.IsAway = true;
        _engine.IsAway = false;

        await PassUntilAsync(() => Volatile.Read(ref watches) > 5, TimeSpan.FromSeconds(1), atMost: 40);
        // Told away once for good: the answer to the question that comes first is not yet a watch that lasts.
        await HostProgram.UntilAsync(() => !_watch.IsReachable && _watch.Problem == "the engine has a headache.", "its words");
        Assert.InRange(Changes.Count, 2, 4);

        _engine.FaultAfterWatch = null;
        await PassUntilAsync(() => _watch.IsReachable, TimeSpan.FromSeconds(1), atMost: 10);
    }

    [Fact]
    public async Task Event_OfAServersContainer_IsToldAndOthersAreNot()
    {
        var told = new List<string>();
        var died = new TaskCompletionSource();
        _watch.Happened += happened =>
        {
            told.Add($"{happened.Name} {happened.Kind}");
            if (happened.Kind == ContainerEventKind.Died)
                died.TrySetResult();
        };
        await StartAsync();
        foreach (var (name, kind) in (KeyValuePair<string, string>[])[new("stranger", "other"), new("ours", "server")])
        {
            await _engine.CreateAsync(new ContainerSpec { Name = name, Image = FakeContainerEngine.TestImage, Labels = new Dictionary<string, string> { ["orleanswings.kind"] = kind } }, CancellationToken.None);
            await _engine.StartAsync(name, CancellationToken.None);
            await _engine.KillAsync(name, "SIGKILL", CancellationToken.None);
        }

        await died.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(["ours Created", "ours Started", "ours Died"], told);
    }

    [Fact]
    public async Task Warning_ThatComesWithEachContainer_IsLoggedOnce()
    {
        await StartAsync();
        _engine.IsWithoutIoWeight = true;
        var warned = 0;
        _engine.Warned += _ => warned++;
        foreach (var name in (string[])["one", "two"])
        {
            await _engine.CreateAsync(new ContainerSpec { Name = name, Image = FakeContainerEngine.TestImage, Limits = new ContainerLimits { IoWeight = 100 } }, CancellationToken.None);
            await _engine.UpdateAsync(name, new ContainerLimits { IoWeight = 200 }, CancellationToken.None);
        }

        Assert.Equal(4, warned);
        var (level, message) = Assert.Single(_log.Entries, entry => entry.Message.Contains("I/O weight", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, level);
        Assert.Equal("The Docker engine left something out of what it was asked, and says: Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded. (This is logged once.)", message);
        Assert.True(_watch.HasNoIoWeight);
    }

    private async Task StartAsync()
    {
        _watch.Start();
        await _watch.WaitUntilReachableAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("fake", _watch.Facts!.Version);
    }

    // The clock is moved by us; what it wakes runs in the pool and is given time to.
    private async Task PassUntilAsync(Func<bool> condition, TimeSpan step, int atMost)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < atMost, $"Not within {atMost} steps of {step}.");
            await PassAsync(step);
            // On a crowded machine the pool takes its time, and the steps are counted.
            for (var waits = 0; waits < 10 && !condition(); waits++)
                await Task.Delay(20);
        }
    }

    private async Task PassAsync(TimeSpan step)
    {
        _time.Advance(step);
        await Task.Delay(20);
    }
}
