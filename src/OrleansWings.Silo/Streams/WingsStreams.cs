using Orleans.Streams;

namespace OrleansWings.Silo.Streams;

/// <summary>The stream provider: memory queues, implicit subscriptions only.</summary>
internal static class WingsStreams
{
    /// <summary>Few queues, as each costs a call a second when it is idle; enough for two control silos to share.</summary>
    private const int Queues = 4;

    // The reader waits in the queue itself (WaitingQueueGrain): this is only the pause between two waits. Figures: docs/performance.md.
    private static readonly TimeSpan s_pullEvery = TimeSpan.FromMilliseconds(10);

    public static ISiloBuilder AddWingsStreams(this ISiloBuilder silo)
        => silo.AddMemoryStreams(WingsNames.StreamProvider, streams =>
        {
            streams.ConfigurePartitioning(Queues);
            streams.ConfigurePartitionBalancing(ControlQueueBalancer.Create);
            streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            streams.ConfigurePullingAgent(agent => agent.Configure(options =>
            {
                options.GetQueueMsgsTimerPeriod = s_pullEvery;
                options.MaxEventDeliveryTime = TimeSpan.FromSeconds(10);
            }));
        });
}
