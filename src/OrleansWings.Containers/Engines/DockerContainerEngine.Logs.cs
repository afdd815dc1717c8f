using System.Globalization;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    private const int LogReadSize = 64 * 1024;

    public async IAsyncEnumerable<LogEntry> ReadLogAsync(string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stream = await OpenLogAsync(container, query, cancellationToken).ConfigureAwait(false);
        var parser = new LogStreamParser();
        // Not from the pool: a read that was given up may still write into it.
        var buffer = new byte[LogReadSize];
        while (true)
        {
            var read = await _calls.RunAsync(_timeouts.Call, token => stream.ReadOutputAsync(buffer, 0, buffer.Length, token), cancellationToken).ConfigureAwait(false);
            if (read.Count == 0)
                break;

            parser.Append(buffer.AsSpan(0, read.Count));
            while (parser.TryTake(isEnd: false, out var entry))
                yield return entry;
        }

        while (parser.TryTake(isEnd: true, out var entry))
            yield return entry;
    }

    private async Task<MultiplexedStream> OpenLogAsync(string container, LogQuery query, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Timestamps = true,
            Tail = query.Tail?.ToString(CultureInfo.InvariantCulture) ?? "all",
            Since = query.Since is { } since ? EngineTime.ToQuery(since) : null,
        };
        try
        {
            return await _calls.RunAsync(_timeouts.Call, token => client.Containers.GetContainerLogsAsync(container, parameters, token), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsMissingContainer(answer))
        {
            throw new ContainerMissingException(container);
        }
    }
}
