using System.Collections.Concurrent;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>The fleet's feed tells each event of each server to whoever watches, as the history has it.</summary>
public sealed class HappeningsTests
{
    [Fact]
    public async Task Watch_AServerRunsAndCrashes_IsTheHistoryAsItHappens()
    {
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game());
        var (told, watches) = (new ConcurrentQueue<ServerHappening>(), new TaskCompletionSource());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var watching = Task.Run(async () =>
        {
            await foreach (var update in cluster.Feed.WatchAsync(stop.Token))
            {
                watches.TrySetResult();
                foreach (var happening in update.Happened)
                    told.Enqueue(happening);
            }
        }, token);
        await watches.Task.WaitAsync(token);

        await cluster.StartServerAsync(server);
        Assert.True((await server.SendCommandAsync("crash 3")).IsAccepted);
        await Eventually.TrueAsync(() => told.Any(happening => happening.Event.Exit is not null));
        await cluster.WaitForAsync(server, PowerState.Running);
        Assert.True((await server.KillAsync()).IsAccepted);
        await cluster.WaitForAsync(server, PowerState.Offline);

        var history = (await server.ReadEventsAsync())!.Value.Reverse().ToArray();
        await Eventually.TrueAsync(() => told.Count >= history.Length);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        Assert.All(told, happening => Assert.Equal(server.Id, happening.Server));
        Assert.Equal(history.Select(Describe), told.Select(happening => Describe(happening.Event)));
        Assert.Contains(told, happening => happening.Event is { Exit.Code: 3, LastLines.IsEmpty: true });
        Assert.Contains(history, happened => happened is { Exit.Code: 3, LastLines.IsEmpty: false });
    }

    private static (ServerEventKind, DateTimeOffset, int, string, PowerState?, int?) Describe(ServerEvent happened)
        => (happened.Kind, happened.At, happened.Run, happened.Text, happened.State, happened.Exit?.Code);
}
