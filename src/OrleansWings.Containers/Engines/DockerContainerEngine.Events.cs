using System.Runtime.CompilerServices;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    private static readonly Dictionary<string, string> s_noAttributes = [];

    public async IAsyncEnumerable<ContainerEvent> WatchEventsAsync(string label, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The engine answers a watch a moment before it listens. Asked from a time by its own clock on, it repeats what fell between.
        var client = Client;
        var info = await _calls.RunAsync(_timeouts.Call, client.System.GetSystemInfoAsync, cancellationToken).ConfigureAwait(false);
        var since = EngineTime.Parse(info.SystemTime) ?? _time.GetUtcNow();
        var filters = LabelFilter(label);
        filters["type"] = new Dictionary<string, bool> { ["container"] = true };
        var parameters = new ContainerEventsParameters { Since = EngineTime.ToQuery(since), Filters = filters };
        yield return new ContainerEvent(ContainerEventKind.Watching, default, "", s_noAttributes, since);

        var messages = MessagePump.ReadAsync<Message>((progress, token) => client.System.MonitorEventsAsync(parameters, progress, token), _calls, cancellationToken);
        await foreach (var message in messages.ConfigureAwait(false))
            yield return ToEvent(message);

        throw new EngineUnreachableException("The engine ended its stream of events.");
    }

    private static ContainerEvent ToEvent(Message message)
    {
        var attributes = message.Actor?.Attributes is { } found ? new Dictionary<string, string>(found) : s_noAttributes;
        var at = message.TimeNano is { } nanoseconds ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : DateTimeOffset.UnixEpoch.AddSeconds(message.Time ?? 0);
        return new ContainerEvent(ToKind(message.Action), new ContainerId(message.Actor?.ID ?? ""), attributes.GetValueOrDefault("name", ""), attributes, at);
    }

    private static ContainerEventKind ToKind(string action) => action switch
    {
        "create" => ContainerEventKind.Created,
        "start" => ContainerEventKind.Started,
        "die" or "died" => ContainerEventKind.Died,
        "oom" => ContainerEventKind.OutOfMemory,
        "destroy" or "remove" => ContainerEventKind.Removed,
        "rename" => ContainerEventKind.Renamed,
        "pause" or "unpause" => ContainerEventKind.Paused,
        _ => ContainerEventKind.Other,
    };
}
