using System.Runtime.CompilerServices;
using Docker.DotNet.Models;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    // What version 1 reports when there is no limit is the largest number of pages; no machine has an eighth of it.
    private const ulong NoLimit = 1UL << 60;

    public async IAsyncEnumerable<UsageCounters> WatchUsageAsync(string container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new ContainerStatsParameters { Stream = true };
        var samples = MessagePump.ReadAsync<ContainerStatsResponse>((progress, token) => client.Containers.GetContainerStatsAsync(container, parameters, progress, token), _calls, cancellationToken);
        var enumerator = samples.GetAsyncEnumerator(cancellationToken);
        await using (enumerator.ConfigureAwait(false))
        {
            // For a container that does not run the engine goes on, with samples that are empty.
            while (await MoveNextAsync(enumerator, container).ConfigureAwait(false) && enumerator.Current is { PidsStats.Current: > 0 } sample)
                yield return ToCounters(sample);
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<ContainerStatsResponse> samples, string container)
    {
        try
        {
            return await samples.MoveNextAsync().ConfigureAwait(false);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsMissingContainer(answer))
        {
            throw new ContainerMissingException(container);
        }
    }

    private static UsageCounters ToCounters(ContainerStatsResponse sample)
    {
        var memory = sample.MemoryStats;
        var limit = memory?.Limit ?? 0;
        return new UsageCounters
        {
            At = new DateTimeOffset(sample.Read.ToUniversalTime()),
            CpuTime = TimeSpan.FromTicks((long)((sample.CPUStats?.CPUUsage?.TotalUsage ?? 0) / TimeSpan.NanosecondsPerTick)),
            MemoryBytes = UsageMath.WithoutCache((long)(memory?.Usage ?? 0), InactiveFile(memory)),
            MemoryLimitBytes = limit >= NoLimit ? 0 : (long)limit,
            NetworkRxBytes = sample.Networks?.Values.Sum(network => (long)network.RxBytes) ?? 0,
            NetworkTxBytes = sample.Networks?.Values.Sum(network => (long)network.TxBytes) ?? 0,
            DiskReadBytes = SumDisk(sample, "read"),
            DiskWriteBytes = SumDisk(sample, "write"),
            Processes = (long)(sample.PidsStats?.Current ?? 0),
        };
    }

    private static long InactiveFile(MemoryStats? memory)
        => memory?.Stats is not { } stats ? 0
            : stats.TryGetValue("total_inactive_file", out var total) ? (long)total
            : stats.TryGetValue("inactive_file", out var own) ? (long)own : 0;

    private static long SumDisk(ContainerStatsResponse sample, string operation)
        => sample.BlkioStats?.IoServiceBytesRecursive?.Where(entry => entry.Op.Equals(operation, StringComparison.OrdinalIgnoreCase)).Sum(entry => (long)entry.Value) ?? 0;
}
