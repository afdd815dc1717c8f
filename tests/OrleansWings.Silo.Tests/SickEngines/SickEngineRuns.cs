using System.Collections.Concurrent;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>
/// Runs the matrix: one server for each call, which meets that call's faults one after the other and then lives on. The calls go side by side, as nearly
/// all of their time is waiting for what does not come.
/// </summary>
public sealed class SickEngineRuns : IAsyncDisposable
{
    private const int AtOnce = 8;

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly ConcurrentDictionary<(string, EngineFault?), TaskCompletionSource> _ends = new();
    private readonly Lazy<Task> _all;

    public SickEngineRuns() => _all = new Lazy<Task>(() => Task.WhenAll(SickCall.All.Select(RunAllAsync)));

    /// <summary>The end of one case; of the server's life after all of them when there is no fault. The first who asks for one begins them all.</summary>
    public async Task RunAsync(string call, EngineFault? fault)
    {
        RealEngine.Require();
        _ = _all.Value;
        await EndOf(call, fault).Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (_all.IsValueCreated)
            await _all.Value;
        _places.Dispose();
    }

    private async Task RunAllAsync(SickCall call)
    {
        await _places.WaitAsync();
        SickHost? host = null;
        foreach (var fault in call.Faults)
            await TryAsync(call, fault, async () => await SickCases.RunAsync(host ??= await SickCases.OpenAsync(call), call, fault));
        await TryAsync(call, null, async () => await (host ??= await SickCases.OpenAsync(call)).LiveOnAndDieAsync());
        _places.Release();

        async Task TryAsync(SickCall call, EngineFault? fault, Func<Task> run)
        {
            try
            {
                await run();
                if (fault is null)
                    await host!.DisposeAsync();
                EndOf(call.Name, fault).TrySetResult();
            }
            catch (Exception e)
            {
                // The others of this call get a host that nothing has happened to.
                EndOf(call.Name, fault).TrySetException(e);
                if (host is not null)
                    await host.GiveUpAsync();
                host = null;
            }
        }
    }

    private TaskCompletionSource EndOf(string call, EngineFault? fault)
        => _ends.GetOrAdd((call, fault), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
