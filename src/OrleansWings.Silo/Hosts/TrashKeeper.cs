using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>Empties the trash: a deleted server's files go for good after <see cref="ServerTrash.Age"/>, and then it is known no longer.</summary>
internal sealed partial class TrashKeeper(HostServers servers, IGrainFactory grains, ClusterGate gate, TimeProvider time, ILogger<TrashKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    internal async Task PurgeOnceAsync()
    {
        foreach (var worker in servers.All)
        {
            var state = worker.State;
            if (!IsDue(state, time.GetUtcNow(), servers.Host.Options.TrashAge))
                continue;
            try
            {
                // The record first: once it says "gone", no undoing can race the removal of the files. It says so only
                // when nobody has undone the deletion before.
                var record = grains.GetGrain<IServerRecordGrain>(worker.Id.Value);
                await record.OnDeletionDoneAsync(state.DeletedVersion, arePurged: true);
                if (await record.GetAssignmentAsync() is not null)
                    continue;
                VolumeFolder.Remove(servers.Host.Paths.Trash(worker.Id));
                await servers.ForgetAsync(worker.Id);
                LogPurged(logger, worker.Id);
            }
            catch (Exception e)
            {
                LogFailed(logger, worker.Id, e);
            }
        }
    }

    /// <summary>Whether a server's files have been kept long enough.</summary>
    internal static bool IsDue(ServerState state, DateTimeOffset now, TimeSpan age)
        => state.Assignment.DeletedAt + age <= now && state.DeletedVersion == state.Assignment.Version;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Joined.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(s_every, time);
        do
            await PurgeOnceAsync();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Server {Server}: its files were kept for the time they were to be, and are gone now.")]
    private static partial void LogPurged(ILogger logger, ServerId server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: its files could not be removed and are tried again in an hour")]
    private static partial void LogFailed(ILogger logger, ServerId server, Exception exception);
}
