using System.Collections.Concurrent;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>Loses and fails calls to grains by their method's name.</summary>
internal sealed class CallFaults : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<string, int> _answered = new();
    private volatile string? _losing;
    private volatile Func<object?, bool>? _losesWhich;
    private volatile string? _failing;
    private ServerId _failingServer;
    private (string Method, Func<Task> Act, Type? Of)? _before;
    private int _toLose;
    private int _lost;

    /// <summary>How many calls were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>How many calls of a method have come, the lost ones included.</summary>
    public int CountOf(string method) => _counts.GetValueOrDefault(method);

    /// <summary>How many calls of a method have been answered.</summary>
    public int AnsweredOf(string method) => _answered.GetValueOrDefault(method);

    /// <summary>The next calls of a method do nothing and answer as if they had.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="count">How many.</param>
    /// <param name="which">Which of them, by the first argument; the others pass. Default: all.</param>
    public void LoseNext(string method, int count, Func<object?, bool>? which = null)
    {
        _losesWhich = which;
        Volatile.Write(ref _toLose, count);
        _losing = method;
    }

    /// <summary>A method of one server's grains fails until <see cref="FailNoMore"/>.</summary>
    public void FailFor(string method, ServerId server)
    {
        _failingServer = server;
        _failing = method;
    }

    /// <summary>Something happens before the next call of a method is taken; once.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="act">What happens.</param>
    /// <param name="of">The grain interface that has it. Default: any.</param>
    public void BeforeNext(string method, Func<Task> act, Type? of = null) => _before = (method, act, of);

    public void FailNoMore() => _failing = null;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var method = context.MethodName;
        if (_before is { } before && before.Method == method && (before.Of is null || before.Of == context.InterfaceMethod.DeclaringType))
        {
            _before = null;
            await before.Act();
        }

        await TakeAsync(context, method);
        _answered.AddOrUpdate(method, 1, (_, count) => count + 1);
    }

    private Task TakeAsync(IIncomingGrainCallContext context, string method)
    {
        _counts.AddOrUpdate(method, 1, (_, count) => count + 1);
        if (method == _failing && context.TargetId.TryGetGuidKey(out var key, out _) && key == _failingServer.Value)
            throw new IOException("The test lets this fail.");
        if (method != _losing || _losesWhich?.Invoke(context.Request.GetArgument(0)) == false || Interlocked.Decrement(ref _toLose) < 0)
            return context.Invoke();
        Interlocked.Increment(ref _lost);
        if (method == nameof(IServerRecordGrain.TakeSnapshotAsync))
            context.Result = true;
        return Task.CompletedTask;
    }
}
