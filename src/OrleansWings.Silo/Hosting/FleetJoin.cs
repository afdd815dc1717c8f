using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Storage.Moves;
using StackExchange.Redis;

namespace OrleansWings.Silo.Hosting;

/// <summary>
/// Starts the silo when the cluster's store answers. Orleans' own service starts it at once and ends the program when the
/// store is away; a host that comes up after a power cut must do its work all the same.
/// </summary>
internal sealed partial class FleetJoin(
    Func<IHostedService> silo, Func<MemberPast> past, WingsSiloOptions options, RedisLink redis, ClusterGate gate, DeathNotice death, IHostApplicationLifetime lifetime, ILogger<FleetJoin> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(500);

    private IHostedService? _silo;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_silo is not null && gate.Joined.IsCompleted)
            await _silo.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await JoinAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // A silo that failed to start cannot be started again: a supervisor starts the program anew.
            LogFailed(logger, e);
            gate.Refusal ??= $"The cluster could not be joined: {e.Message}";
            lifetime.StopApplication();
        }
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        gate.Waiting = $"The cluster's store at {RedisLink.Describe(options.Fleet!.Redis)} does not answer yet.";
        var store = await redis.WaitUntilAnswersAsync(cancellationToken);
        if (WrongAddress(options.Fleet) is { } wrong)
        {
            death.End(wrong);
            return;
        }

        gate.Waiting = "The cluster is being joined.";
        gate.Refusal = await AskAtDoorAsync(store, cancellationToken);
        if (gate.Refusal is not null)
        {
            lifetime.StopApplication();
            return;
        }

        if (await past().WhyOlderAsync() is { } older)
        {
            death.End(older);
            return;
        }

        _silo = silo();
        await _silo.StartAsync(cancellationToken);
        gate.Open();
        LogJoined(logger, options.Fleet.Address, options.Fleet.SiloPort);
    }

    // A store that is full, or a copy that can only be read, answers and takes nothing. That passes as its absence does: a process that ended
    // for it again and again would never come to start its servers.
    private async Task<string?> AskAtDoorAsync(IDatabase store, CancellationToken cancellationToken)
    {
        var hasSaid = false;
        while (true)
        {
            try
            {
                return await MoveMark.RefuseAsync(store)
                    ?? await FleetDoor.ClaimStoreAsync(store, options.Fleet!.ClusterId)
                    ?? (options.Role == WingsRole.Control ? null : await FleetDoor.ClaimAsync(store, options.Host.Value, options.Fleet!.MachineKey));
            }
            catch (Exception e) when (RedisLink.IsAway(e) && !cancellationToken.IsCancellationRequested)
            {
                gate.Waiting = StoreRefusal.Reason(e);
                if (!hasSaid)
                    LogNotTaken(logger, gate.Waiting);
                hasSaid = true;
            }

            await Task.Delay(s_askEvery, cancellationToken);
        }
    }

    /// <summary>Why nobody would reach this process at the address that it has; null when that is not known of it. A new start finds the right one.</summary>
    internal static string? WrongAddress(FleetOptions fleet)
        => fleet.FindAddress?.Invoke() is { } found && !found.Equals(fleet.Address)
            ? $"There was no way to the cluster's store when the program started, so it took this machine's address {fleet.Address}. The one that reaches the store is {found}. WINGS_ADDRESS names it for good."
            : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "Joined the cluster at {Address}, port {Port}.")]
    private static partial void LogJoined(ILogger logger, System.Net.IPAddress address, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster cannot be joined yet: {Reason} The store is asked again; game servers go on.")]
    private static partial void LogNotTaken(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cluster could not be joined; the program ends, and whoever supervises it starts it again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
