using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// This installation's id, which marks its containers. Made by the cluster once; kept in the host's ledger, so that a
/// host alone knows it too.
/// </summary>
public sealed class ClusterIdentity
{
    private const string Fact = "cluster-id";

    private readonly HostLedger _ledger;
    private readonly TaskCompletionSource<Guid> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClusterIdentity(HostLedger ledger)
    {
        _ledger = ledger;
        if (Guid.TryParse(ledger.ReadFact(Fact), out var id))
            _id.SetResult(id);
    }

    /// <summary>Null until the cluster was reached for the first time.</summary>
    public Guid? Known => _id.Task.IsCompletedSuccessfully ? _id.Task.GetAwaiter().GetResult() : null;

    public Task<Guid> GetAsync(CancellationToken cancellationToken) => _id.Task.WaitAsync(cancellationToken);

    /// <summary>Keeps what the cluster says.</summary>
    /// <exception cref="InvalidOperationException">This host belongs to another installation.</exception>
    public async Task SetAsync(Guid id)
    {
        if (Known is { } known)
        {
            if (known != id)
                throw new InvalidOperationException($"This host belongs to the installation {known:D} and the cluster is {id:D}: give it a data folder of its own (WINGS_DATA), or the cluster that it belongs to.");
            return;
        }

        await _ledger.SaveFactAsync(Fact, id.ToString("D")).ConfigureAwait(false);
        _id.TrySetResult(id);
    }
}
