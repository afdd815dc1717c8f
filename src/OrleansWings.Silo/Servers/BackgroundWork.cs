using System.Collections.Concurrent;

namespace OrleansWings.Silo.Servers;

/// <summary>Work that goes on beside its owner and is waited for at the owner's end.</summary>
internal sealed class BackgroundWork(Action<Exception> onFault)
{
    private readonly ConcurrentDictionary<Task, byte> _tasks = new();

    public void Run(Func<Task> work)
    {
        var task = Task.Run(() => GuardAsync(work));
        _tasks[task] = 0;
        task.ContinueWith(static (done, tasks) => ((ConcurrentDictionary<Task, byte>)tasks!).TryRemove(done, out _), _tasks,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async Task WhenDoneAsync()
        => await Task.WhenAll(_tasks.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // Nobody waits for it before the end, so what nobody foresaw would go unseen.
    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            onFault(e);
        }
    }
}
