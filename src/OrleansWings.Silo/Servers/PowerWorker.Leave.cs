namespace OrleansWings.Silo.Servers;

/// <summary>A server that no record knows: it goes on, and is shown as what it is.</summary>
public sealed partial class PowerWorker
{
    private volatile bool _isUnclaimed;

    /// <summary>Says whether the cluster's store knows nothing of it. In memory only: it is found out at each join.</summary>
    internal void SetUnclaimed(bool isUnclaimed)
    {
        if (_isUnclaimed == isUnclaimed)
            return;
        _isUnclaimed = isUnclaimed;
        Announce();
    }
}
