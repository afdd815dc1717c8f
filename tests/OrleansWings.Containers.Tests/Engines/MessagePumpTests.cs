using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Tests.Engines;

public sealed class MessagePumpTests
{
    private readonly EngineCalls _calls = new(new Uri("unix:///nowhere"), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_MessagesOfACallThatEnds_AreAllThereInOrder()
    {
        var read = new List<int>();
        await foreach (var message in MessagePump.ReadAsync<int>((progress, _) => SendAsync(progress, MessagePump.Most), _calls, Token))
            read.Add(message);
        Assert.Equal(Enumerable.Range(0, MessagePump.Most), read);
    }

    [Fact]
    public async Task Read_MoreThanMayWait_EndsAfterWhatThereIsAndEndsTheCall()
    {
        var ended = new TaskCompletionSource();
        var read = new List<int>();
        var failure = await Assert.ThrowsAsync<EngineUnreachableException>(async () =>
        {
            await foreach (var message in MessagePump.ReadAsync<int>(FloodAsync, _calls, Token))
                read.Add(message);
        });
        Assert.Contains("faster than they are read", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, MessagePump.Most), read);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        async Task FloodAsync(IProgress<int> progress, CancellationToken cancellationToken)
        {
            await SendAsync(progress, MessagePump.Most + 1);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.SetResult();
        }
    }

    private static Task SendAsync(IProgress<int> progress, int count)
    {
        for (var i = 0; i < count; i++)
            progress.Report(i);
        return Task.CompletedTask;
    }
}
