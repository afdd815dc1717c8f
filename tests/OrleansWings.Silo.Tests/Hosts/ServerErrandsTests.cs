using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class ServerErrandsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ServerId> _done = new();
    private readonly ServerId _one = ServerId.New();
    private readonly ServerId _other = ServerId.New();
    private readonly ServerErrands _errands;
    private Func<ServerId, Task> _work = _ => Task.CompletedTask;
    private Task _running = Task.CompletedTask;

    public ServerErrandsTests() => _errands = new ServerErrands("testing", _time, NullLogger.Instance);

    public ValueTask InitializeAsync()
    {
        _running = _errands.RunAsync(
            async (server, _) =>
            {
                _done.Enqueue(server);
                await _work(server);
            },
            _stop.Token);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task Ask_OneThatHangs_HoldsUpNoOther()
    {
        var hanging = new TaskCompletionSource();
        _work = server => server == _one ? hanging.Task : Task.CompletedTask;
        _errands.Ask(_one);
        await Eventually.TrueAsync(() => CountOf(_one) == 1);

        _errands.Ask(_other);

        await Eventually.TrueAsync(() => CountOf(_other) == 1);
        hanging.SetResult();
    }

    [Fact]
    public async Task Ask_OftenWhileAtWork_IsDoneOnceMore()
    {
        var first = new TaskCompletionSource();
        _work = _ => first.Task;
        _errands.Ask(_one);
        await Eventually.TrueAsync(() => CountOf(_one) == 1);
        for (var i = 0; i < 100; i++)
            _errands.Ask(_one);

        first.SetResult();

        await Eventually.TrueAsync(() => CountOf(_one) == 2);
        _errands.Ask(_other);
        await Eventually.TrueAsync(() => CountOf(_other) == 1);
        Assert.Equal(2, CountOf(_one));
    }

    [Fact]
    public async Task Ask_ItFails_IsTriedAgainAfterThePausesAndOnlyThen()
    {
        var failures = 3;
        _work = _ => failures-- > 0 ? throw new IOException("Not now.") : Task.CompletedTask;
        _errands.Ask(_one);

        var elapsed = 0;
        for (var tries = 1; tries <= 3; tries++)
        {
            await Eventually.TrueAsync(() => CountOf(_one) == tries);
            // Asking meanwhile does not hurry it: what fails is not asked in a storm.
            _errands.Ask(_one);
            for (var before = elapsed; CountOf(_one) == tries; elapsed++)
            {
                Assert.InRange(elapsed - before, 0, 60);
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        // Pauses of 1, 2 and 5 s, and what passed before each was begun.
        Assert.InRange(elapsed, 8, int.MaxValue);
    }

    [Fact]
    public async Task AskAgain_BeginsWithThePause()
    {
        _errands.AskAgain(_one);
        _errands.Ask(_other);
        await Eventually.TrueAsync(() => CountOf(_other) == 1);
        Assert.Equal(0, CountOf(_one));

        await Eventually.GetAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
                return CountOf(_one);
            },
            count => count == 1);
    }

    private int CountOf(ServerId server) => _done.Count(done => done == server);
}
