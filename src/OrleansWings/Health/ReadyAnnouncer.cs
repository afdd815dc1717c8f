using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansWings.Dashboard.Users;
using OrleansWings.Settings;
using OrleansWings.Silo.Hosting;
using OrleansWings.Users;

namespace OrleansWings.Health;

/// <summary>Says on the terminal when the program does its work and where; run.sh and people wait for the line.</summary>
internal sealed partial class ReadyAnnouncer(
    IWingsReadiness readiness,
    IServer server,
    WingsOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ReadyAnnouncer> logger,
    FirstAdministrator? administrator = null) : BackgroundService
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A fleet's administrator is made from the password file when the store answers; until then nobody can sign in.
    private string? WhyNotReady
        => readiness.WhyNotReady ?? (options.AdminPassword is not null && administrator is { IsMissing: true } ? "The administrator is not made yet." : null);

    /// <summary>Ends when the program is ready.</summary>
    public Task Ready => _ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WaitUntilListeningAsync(stoppingToken);
        var since = time.GetTimestamp();
        while (WhyNotReady is { } why)
        {
            if (time.GetElapsedTime(since) > s_patience)
            {
                LogStillWaiting(why);
                since = time.GetTimestamp();
            }

            await Task.Delay(s_poll, time, stoppingToken);
        }

        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "(no address)";
        await Console.Out.WriteLineAsync($"OrleansWings is ready: {address}");
        if (administrator?.Code is { } code)
            await Console.Out.WriteLineAsync($"Choose the administrator's password, once: {address}{UserRoutes.Welcome}?{UserRoutes.Code}={code}");
        _ready.TrySetResult();
    }

    private async Task WaitUntilListeningAsync(CancellationToken stoppingToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stoppingToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready yet: {Why}")]
    private partial void LogStillWaiting(string why);
}
