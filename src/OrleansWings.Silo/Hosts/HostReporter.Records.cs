using System.Collections.Concurrent;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>What goes between a server here and its record, each server for itself: what did not arrive goes again soon.</summary>
internal sealed partial class HostReporter
{
    private static readonly TimeSpan s_wishPatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ServerId, ServerSnapshot> _forRecords = new();
    private readonly ServerErrands _pictures = new("writing the record", time, logger);
    private readonly ServerErrands _wishes = new("reading the wish", time, logger);

    private async Task SendPictureAsync(ServerId server, CancellationToken cancellationToken)
    {
        await controls.WaitForOneAsync(cancellationToken);
        if (!_forRecords.TryGetValue(server, out var snapshot))
            return;
        var record = grains.GetGrain<IServerRecordGrain>(server.Value);
        if (!await record.TakeSnapshotAsync(snapshot))
            throw new InvalidOperationException("The cluster's store did not take it.");
        if (servers.Find(server)?.State is { IsDeleted: true } state && state.DeletedVersion == state.Assignment.Version)
            await record.OnDeletionDoneAsync(state.DeletedVersion, arePurged: false);
        // A newer one has taken its place, and asked for its own turn.
        _forRecords.TryRemove(new(server, snapshot));
    }

    private async Task TakeWishAgainAsync(ServerId server, CancellationToken cancellationToken)
    {
        await controls.WaitForOneAsync(cancellationToken);
        if (await ReadWishAsync(server) is { } assignment)
            await servers.AssignAsync(assignment);
    }

    private Task<ServerAssignment?> ReadWishAsync(ServerId server)
        => grains.GetGrain<IServerRecordGrain>(server.Value).GetAssignmentAsync().WaitAsync(s_wishPatience, time);

    private void OnChanged(ServerSnapshot snapshot)
    {
        _events.Writer.TryWrite(new HostEvent { Host = Host, Server = snapshot });
        // Pictures of one server come from several threads: an older one must not take a newer one's place.
        var kept = _forRecords.AddOrUpdate(snapshot.Id, snapshot, (_, waiting) => waiting.Revision >= snapshot.Revision ? waiting : snapshot);
        if (ReferenceEquals(kept, snapshot))
            _pictures.Ask(snapshot.Id);
    }
}
