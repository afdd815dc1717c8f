using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansWings.Silo.Placement;

namespace OrleansWings.Silo.Streams;

/// <summary>
/// Deals the stream queues out to the control silos only: a host that hangs or dies must not take along other hosts'
/// consoles. Every silo computes the same deal from the membership.
/// </summary>
internal sealed class ControlQueueBalancer(IServiceProvider services, ILogger<ControlQueueBalancer> logger) : QueueBalancerBase(services, logger)
{
    private readonly IClusterMembershipService _membership = services.GetRequiredService<IClusterMembershipService>();
    private QueueId[] _queues = [];

    public static IStreamQueueBalancer Create(IServiceProvider services, string name)
        => ActivatorUtilities.CreateInstance<ControlQueueBalancer>(services);

    public override Task Initialize(IStreamQueueMapper queueMapper)
    {
        _queues = [.. queueMapper.GetAllQueues().Order()];
        return base.Initialize(queueMapper);
    }

    public override IEnumerable<QueueId> GetMyQueues()
    {
        var silos = _membership.CurrentSnapshot.Controls().Order().ToArray();
        var me = Array.IndexOf(silos, SiloAddress);
        return me < 0 ? [] : _queues.Where((_, i) => i % silos.Length == me);
    }

    protected override void OnClusterMembershipChange(HashSet<SiloAddress> activeSilos) => NotifyListeners().Ignore();
}
