using Microsoft.Extensions.Logging;

namespace OrleansWings.Silo.Placement;

/// <summary>Whether anybody is there who keeps records and feeds. While nobody is, a host does its work and tells nobody.</summary>
internal sealed partial class ControlSilos(IClusterMembershipService membership, ILogger<ControlSilos> logger)
{
    private int _hasSaid;

    public bool IsAnyThere => membership.CurrentSnapshot.HasControl();

    /// <summary>Waits until the membership has an active control silo; at once when it has.</summary>
    public async Task WaitForOneAsync(CancellationToken cancellationToken)
    {
        if (IsAnyThere)
            return;
        if (Interlocked.Exchange(ref _hasSaid, 1) == 0)
            LogAlone(logger);
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
        {
            if (snapshot.HasControl())
            {
                _hasSaid = 0;
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No control silo is in the cluster: this host's servers go on, and nobody sees them until one is.")]
    private static partial void LogAlone(ILogger logger);
}
