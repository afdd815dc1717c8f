using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Testing.Engines;

public sealed partial class FakeContainerEngine
{
    private readonly List<(string Label, Channel<ContainerEvent> Events)> _watches = [];

    public async Task<IContainerAttachment> AttachAsync(string container, CancellationToken cancellationToken)
    {
        await EnterAsync("attach", container, _timeouts.Call, cancellationToken);
        return Find(container)?.Attach() ?? throw new ContainerMissingException(container);
    }

    public async IAsyncEnumerable<LogEntry> ReadLogAsync(string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnterAsync("log", container, _timeouts.Call, cancellationToken);
        var found = Find(container) ?? throw new ContainerMissingException(container);
        foreach (var entry in found.ReadLog(query))
            yield return entry;
    }

    public async IAsyncEnumerable<ContainerEvent> WatchEventsAsync(string label, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnterAsync("events", label, _timeouts.Call, cancellationToken);
        var watch = (label, Channel.CreateUnbounded<ContainerEvent>());
        lock (_lock)
            _watches.Add(watch);

        try
        {
            yield return new ContainerEvent(ContainerEventKind.Watching, default, "", new Dictionary<string, string>(), _time.GetUtcNow());
            if (FaultAfterWatch?.Invoke() is { } fault)
                throw fault;
            while (true)
                yield return await StayAsync(token => watch.Item2.Reader.ReadAsync(token).AsTask(), cancellationToken);
        }
        finally
        {
            lock (_lock)
                _watches.Remove(watch);
        }
    }

    public async IAsyncEnumerable<UsageCounters> WatchUsageAsync(string container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnterAsync("usage", container, _timeouts.Call, cancellationToken);
        var found = Find(container) ?? throw new ContainerMissingException(container);
        while (found.IsRunning)
        {
            yield return found.Usage with { At = _time.GetUtcNow() };
            await StayAsync(async token => { await Task.Delay(TimeSpan.FromSeconds(1), _time, token); return true; }, cancellationToken);
        }
    }

    private void Publish(ContainerEventKind kind, FakeContainer container)
    {
        var attributes = new Dictionary<string, string>(container.Spec.Labels) { ["name"] = container.Spec.Name };
        if (kind == ContainerEventKind.Died && container.Exit is { } exit)
            attributes["exitCode"] = exit.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var happened = new ContainerEvent(kind, container.Id, container.Spec.Name, attributes, _time.GetUtcNow());
        lock (_lock)
        {
            foreach (var (label, events) in _watches)
            {
                if (Matches(container, label))
                    events.Writer.TryWrite(happened);
            }
        }
    }
}
