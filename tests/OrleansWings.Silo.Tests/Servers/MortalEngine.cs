using System.Runtime.CompilerServices;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>
/// The engine as one program sees it, up to the moment the program is killed: from then on no call is made and no
/// answer comes back, while the engine itself goes on.
/// </summary>
internal sealed class MortalEngine(IContainerEngine engine) : IContainerEngine
{
    private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _callsLeft = int.MaxValue;
    private bool _isCallDone;

    public event Action<EngineWarning>? Warned
    {
        add => engine.Warned += value;
        remove => engine.Warned -= value;
    }

    /// <summary>Completes when the program is dead.</summary>
    public Task Death => _death.Task;

    public void Die() => _death.TrySetResult();

    /// <summary>Dies with the so-manieth call from now on: before the engine hears of it, or when it has done it.</summary>
    public void DieWithCall(int number, bool isCallDone) => (_isCallDone, _callsLeft) = (isCallDone, number);

    public Task<EngineFacts> GetFactsAsync(CancellationToken cancellationToken) => engine.GetFactsAsync(cancellationToken);

    public Task<ContainerId> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
        => CallAsync(token => engine.CreateAsync(spec, token), cancellationToken);

    public Task<ContainerState?> InspectAsync(string container, CancellationToken cancellationToken)
        => CallAsync(token => engine.InspectAsync(container, token), cancellationToken);

    public Task<IContainerAttachment> AttachAsync(string container, CancellationToken cancellationToken)
        => CallAsync<IContainerAttachment>(async token => new MortalAttachment(await engine.AttachAsync(container, token), _death.Task), cancellationToken);

    public Task StartAsync(string container, CancellationToken cancellationToken)
        => CallAsync(async token => { await engine.StartAsync(container, token); return 0; }, cancellationToken);

    public Task<bool> KillAsync(string container, string signal, CancellationToken cancellationToken)
        => CallAsync(token => engine.KillAsync(container, signal, token), cancellationToken);

    public Task<bool> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken)
        => CallAsync(token => engine.StopAsync(container, grace, token), cancellationToken);

    public Task<ContainerExit?> WaitAsync(string container, CancellationToken cancellationToken)
        => CallAsync(token => engine.WaitAsync(container, token), cancellationToken);

    public Task<bool> RemoveAsync(string container, bool force, CancellationToken cancellationToken)
        => CallAsync(token => engine.RemoveAsync(container, force, token), cancellationToken);

    public Task<bool> RenameAsync(string container, string name, CancellationToken cancellationToken)
        => CallAsync(token => engine.RenameAsync(container, name, token), cancellationToken);

    public Task<bool> UpdateAsync(string container, ContainerLimits limits, CancellationToken cancellationToken)
        => CallAsync(token => engine.UpdateAsync(container, limits, token), cancellationToken);

    public IAsyncEnumerable<LogEntry> ReadLogAsync(string container, LogQuery query, CancellationToken cancellationToken)
        => engine.ReadLogAsync(container, query, cancellationToken);

    public Task<IReadOnlyList<ContainerState>> ListAsync(string label, CancellationToken cancellationToken)
        => CallAsync(token => engine.ListAsync(label, token), cancellationToken);

    public async IAsyncEnumerable<ContainerEvent> WatchEventsAsync(string label, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in engine.WatchEventsAsync(label, cancellationToken))
        {
            if (Death.IsCompleted)
                yield break;
            yield return happened;
        }
    }

    public IAsyncEnumerable<UsageCounters> WatchUsageAsync(string container, CancellationToken cancellationToken)
        => engine.WatchUsageAsync(container, cancellationToken);

    public Task<IReadOnlyList<StoredImage>> ListStoredImagesAsync(CancellationToken cancellationToken) => CallAsync(engine.ListStoredImagesAsync, cancellationToken);

    public Task<bool> RemoveImageAsync(string image, CancellationToken cancellationToken) => CallAsync(token => engine.RemoveImageAsync(image, token), cancellationToken);

    public Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken) => CallAsync(engine.ListImagesAsync, cancellationToken);

    public Task<ImageState?> InspectImageAsync(string image, CancellationToken cancellationToken)
        => CallAsync(token => engine.InspectImageAsync(image, token), cancellationToken);

    public Task PullImageAsync(string image, RegistryCredentials? credentials, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
        => CallAsync(async token => { await engine.PullImageAsync(image, credentials, progress, token); return 0; }, cancellationToken);

    public Task<NetworkState?> InspectNetworkAsync(string network, CancellationToken cancellationToken)
        => CallAsync(token => engine.InspectNetworkAsync(network, token), cancellationToken);

    public Task<IReadOnlyList<NetworkState>> ListNetworksAsync(string label, CancellationToken cancellationToken)
        => CallAsync(token => engine.ListNetworksAsync(label, token), cancellationToken);

    public Task CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken)
        => CallAsync(async token => { await engine.CreateNetworkAsync(spec, token); return 0; }, cancellationToken);

    public Task<bool> RemoveNetworkAsync(string network, CancellationToken cancellationToken)
        => CallAsync(token => engine.RemoveNetworkAsync(network, token), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var isLast = Interlocked.Decrement(ref _callsLeft) == 0;
        if (isLast && !_isCallDone)
            Die();
        if (!Death.IsCompleted)
        {
            try
            {
                var answer = await call(cancellationToken);
                if (isLast)
                    Die();
                if (!Death.IsCompleted)
                    return answer;
            }
            catch (EngineException) when (isLast)
            {
                Die();
            }
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("The dead get no answer.");
    }

    private sealed class MortalAttachment : IContainerAttachment
    {
        private readonly IContainerAttachment _inner;
        private readonly Task _death;

        public MortalAttachment(IContainerAttachment inner, Task death)
        {
            (_inner, _death) = (inner, death);
            _ = CutAsync();
        }

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var read = _death.IsCompleted ? 0 : await _inner.ReadAsync(buffer, cancellationToken);
            if (_death.IsCompleted)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return read;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (_death.IsCompleted)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            await _inner.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask DisposeAsync() => _inner.DisposeAsync();

        private async Task CutAsync()
        {
            await _death;
            await _inner.DisposeAsync();
        }
    }
}
