using Microsoft.Extensions.Logging;

namespace OrleansWings.Silo.Placement;

/// <summary>Whether anybody is there who keeps records and feeds. While nobody is, a host does its work and tells nobody.</summary>
internal sealed partial class ControlSilos(IClusterMembershipService membership, IClusterManifestProvider manifests, ILogger<ControlSilos> logger)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(100);

    private int _hasSaid;

    private static readonly GrainType s_fleet = GrainType.Create("fleet");

    // That a silo is a member is known a moment before what it can be asked: until then a call to its grains is a fault.
    public bool IsAnyThere => membership.CurrentSnapshot.HasControl() && manifests.Current.AllGrainManifests.Any(silo => silo.Grains.ContainsKey(s_fleet));

    /// <summary>Waits until an active control silo is there and can be asked; at once when one is.</summary>
    public async Task WaitForOneAsync(CancellationToken cancellationToken)
    {
        if (IsAnyThere)
            return;
        if (Interlocked.Exchange(ref _hasSaid, 1) == 0)
            LogAlone(logger);
        // Two things must come true, in either order: who follows the changes of one may wait for ever on the other.
        while (!IsAnyThere)
            await Task.Delay(s_lookEvery, cancellationToken);
        _hasSaid = 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No control silo is in the cluster: this host's servers go on, and nobody sees them until one is.")]
    private static partial void LogAlone(ILogger logger);
}
