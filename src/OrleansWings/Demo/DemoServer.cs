using OrleansWings.Fleets;
using OrleansWings.Health;
using OrleansWings.Servers;
using OrleansWings.Settings;

namespace OrleansWings.Demo;

/// <summary>Makes sure of one real game server and starts it, so that a newcomer has something to look at.</summary>
internal sealed partial class DemoServer(IFleet fleet, ReadyAnnouncer announcer, WingsOptions options, ILogger<DemoServer> logger) : BackgroundService
{
    /// <summary>Always the same, so that a second start finds the first one's server.</summary>
    public static readonly ServerId Id = ServerId.Parse("0de30000-0000-4000-8000-000000030000");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await announcer.Ready.WaitAsync(stoppingToken);
        try
        {
            await EnsureAsync();
        }
        catch (Exception e)
        {
            // What is thrown here would end the program, and with it everybody else's dashboard.
            LogRefused(e.Message);
        }
    }

    internal async Task EnsureAsync()
    {
        var server = fleet.GetServer(Id);
        var snapshot = await server.GetSnapshotAsync();
        var made = snapshot is null ? await fleet.CreateServerAsync(DemoSpec.Create(options.DemoImage), Id)
            : snapshot.IsDeleted ? await server.RestoreAsync()
            : ServerResult.Accepted("");
        if (!made.IsAccepted)
        {
            LogRefused(made.Message);
            return;
        }

        var started = await server.StartAsync();
        if (started.IsAccepted)
            LogStarting(DemoSpec.Port);
        else if (started.Refusal is not (ServerRefusal.AlreadyRunning or ServerRefusal.AlreadyStarting))
            LogRefused(started.Message);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo server is starting; the game listens on UDP port {Port}.")]
    private partial void LogStarting(int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo server was not started: {Why}")]
    private partial void LogRefused(string why);
}
