using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>The host's record goes, when an operator says that the host will not come back.</summary>
internal sealed partial class HostGrain
{
    public async Task<ServerResult> BeginRemovalAsync()
    {
        if (record.State.RemovingSince is not null)
            return ServerResult.Accepted("");
        record.State.RemovingSince = time.GetUtcNow();
        return await StoreAsync(() => record.State.RemovingSince = null, "");
    }

    public async Task EndRemovalAsync(bool isRemoved)
    {
        if (!isRemoved)
        {
            await StopRemovalAsync();
            return;
        }

        await record.ClearStateAsync();
        // Until this activation ends: who has just chosen this host must be refused.
        (record.State, _heard) = (new HostRecord { RemovingSince = time.GetUtcNow() }, default);
        ReckonAnew();
        DeactivateOnIdle();
    }

    // Also by a host that is there again: it is not being removed any more.
    private async Task StopRemovalAsync()
    {
        if (record.State.RemovingSince is not { } since)
            return;
        record.State.RemovingSince = null;
        await WriteAsync(() => record.State.RemovingSince = since);
        await TellFeedAsync();
    }
}
