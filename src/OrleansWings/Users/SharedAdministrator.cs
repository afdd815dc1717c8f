using OrleansWings.Silo.Hosting;

namespace OrleansWings.Users;

/// <summary>Takes WINGS_ADMIN_PASSWORD_FILE for a fleet: its users are known only when the cluster's store answers.</summary>
internal sealed partial class SharedAdministrator(FirstAdministrator administrator, string password, ClusterGate gate, ILogger<SharedAdministrator> logger) : BackgroundService
{
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Joined.WaitAsync(stoppingToken);
        string? said = null;
        while (await administrator.EnsureAsync(password) is { } fault)
        {
            if (fault != said)
                LogNotMade(said = fault);
            await Task.Delay(s_retryEvery, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The administrator could not be made and is tried again: {Fault}")]
    private partial void LogNotMade(string fault);
}
