using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Asks for power actions and tells the answer; one per circuit. What was asked shows as pending until the answer.</summary>
public sealed partial class PowerActions(IFleet fleet, ISnackbar snackbar, ILogger<PowerActions> logger)
{
    private readonly Dictionary<ServerId, PowerAction> _pending = [];

    /// <summary>An action began or was answered.</summary>
    public event Action? Changed;

    /// <summary>What was asked of a server and is not answered yet.</summary>
    public PowerAction? Pending(ServerId server) => _pending.TryGetValue(server, out var action) ? action : null;

    /// <summary>Asks. A second press before the answer is passed over, but for a kill.</summary>
    public async Task RunAsync(ServerId id, PowerAction action)
    {
        if (_pending.TryGetValue(id, out var pending) && (action != PowerAction.Kill || pending == PowerAction.Kill))
            return;
        _pending[id] = action;
        Changed?.Invoke();
        try
        {
            var server = fleet.GetServer(id);
            snackbar.Tell(await (action switch
            {
                PowerAction.Start => server.StartAsync(),
                PowerAction.Stop => server.StopAsync(),
                PowerAction.Restart => server.RestartAsync(),
                PowerAction.Kill => server.KillAsync(),
                _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
            }));
        }
        catch (Exception e)
        {
            LogFailed(logger, e, action, id);
            snackbar.TellFault();
        }
        finally
        {
            if (_pending.TryGetValue(id, out var last) && last == action)
                _pending.Remove(id);
            Changed?.Invoke();
        }
    }

    [LoggerMessage(LogLevel.Error, "{Action} of server {Server} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, PowerAction action, ServerId server);
}
