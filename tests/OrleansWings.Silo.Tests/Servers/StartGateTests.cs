using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class StartGateTests
{
    private readonly List<int> _ahead = [];

    [Fact]
    public async Task Enter_RoomLeft_PassesAtOnce()
    {
        var gate = new StartGate(2);

        using var first = await EnterAsync(gate, 0);
        using var second = await EnterAsync(gate, 0);

        Assert.Empty(_ahead);
    }

    [Fact]
    public async Task Enter_Full_WaitsUntilOneLeaves()
    {
        var gate = new StartGate(1);
        var first = await EnterAsync(gate, 0);
        var second = EnterAsync(gate, 0);
        Assert.False(second.IsCompleted);

        first.Dispose();
        first.Dispose();

        await second;
        Assert.False(EnterAsync(gate, 0).IsCompleted);
        Assert.Equal([0, 0], _ahead);
    }

    [Fact]
    public async Task Enter_Closed_NobodyPassesAndThenByPriorityAndOrder()
    {
        var gate = new StartGate(1, isOpen: false);
        var order = new List<string>();
        var all = new[] { ("a", 0), ("b", 5), ("c", 0), ("d", 5), ("e", -1) }.Select(each => PassAsync(each.Item1, each.Item2)).ToArray();
        Assert.Empty(order);

        gate.Open();
        gate.Open();
        await Task.WhenAll(all);

        Assert.Equal(["b", "d", "a", "c", "e"], order);
        // "d" sees "b" ahead of it, "e" all four.
        Assert.Equal([0, 0, 2, 1, 4], _ahead);

        async Task PassAsync(string name, int priority)
        {
            using var turn = await EnterAsync(gate, priority);
            lock (order)
                order.Add(name);
        }
    }

    [Fact]
    public async Task Enter_GivenUpWhileWaiting_LeavesItsPlaceToOthers()
    {
        var gate = new StartGate(1);
        var first = await EnterAsync(gate, 0);
        using var giveUp = new CancellationTokenSource();
        var second = gate.EnterAsync(0, _ahead.Add, giveUp.Token);
        var third = EnterAsync(gate, 0);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();

        (await third).Dispose();
        (await EnterAsync(gate, 0)).Dispose();
    }

    [Fact]
    public async Task Enter_ThoseAheadGo_IsToldHowManyAreLeft()
    {
        var time = new FakeTimeProvider();
        var gate = new StartGate(1, time: time);
        var first = await EnterAsync(gate, 0);
        var second = EnterAsync(gate, 0);
        var told = new ConcurrentQueue<int>();
        var third = gate.EnterAsync(0, told.Enqueue, TestContext.Current.CancellationToken);
        Assert.Equal([1], told);

        first.Dispose();
        using var turn = await second;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return told.Count == 2;
        });

        Assert.Equal([1, 0], told);
        turn.Dispose();
        (await third).Dispose();
    }

    private Task<IDisposable> EnterAsync(StartGate gate, int priority) => gate.EnterAsync(priority, _ahead.Add, TestContext.Current.CancellationToken);
}
