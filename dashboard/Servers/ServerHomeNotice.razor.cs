using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Says when a server has no record or its host is lost, and what can be done: adopt or delete it, or give it to another host.</summary>
public sealed partial class ServerHomeNotice
{
    private string? _to;
    private bool _isBusy;

    /// <summary>The server.</summary>
    [Parameter, EditorRequired]
    public ServerSnapshot Server { get; set; } = default!;

    [Inject]
    private IFleet Servers { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ILogger<ServerHomeNotice> Logger { get; set; } = default!;

    private bool IsHostLost => Picture.FindHost(Server.Host)?.Status == HostStatus.Lost;

    private HostId[] Others => [.. Picture.Hosts.Where(host => host.Id != Server.Host && host.Status == HostStatus.Ready).Select(host => host.Id)];

    private Task AdoptAsync() => RunAsync(async () => Snackbar.Tell(await Servers.GetServer(Server.Id).AdoptAsync(Server.Host)));

    // Not awaited by the buttons: they would be held down behind the question.
    private void BeginRemove() => _ = InvokeAsync(() => RunAsync(RemoveAsync));

    private async Task RemoveAsync()
    {
        var isSure = await Dialogs.ShowMessageBoxAsync(
            $"Delete “{Server.Name}”?",
            "It is stopped and its container is removed. Its files stay in the trash for 7 days; until then it can be restored.",
            yesText: "Delete", cancelText: "Cancel");
        if (isSure == true)
            Snackbar.Tell(await Servers.GetServer(Server.Id).RemoveUnclaimedAsync(Server.Host));
    }

    private void BeginReassign() => _ = InvokeAsync(() => RunAsync(ReassignAsync));

    // The warning is the cluster's own, asked for by a call that accepts no risk.
    private async Task ReassignAsync()
    {
        var to = HostId.TryParse(_to, null, out var chosen) && Others.Contains(chosen) ? chosen : Others[0];
        var server = Servers.GetServer(Server.Id);
        var answer = await server.ReassignAsync(to, isRiskAccepted: false);
        if (answer.Refusal == ServerRefusal.RiskNotAccepted)
        {
            var isSure = await Dialogs.ShowMessageBoxAsync($"Give “{Server.Name}” to host {to}?", answer.Message, yesText: "Reassign", cancelText: "Cancel");
            if (isSure != true)
                return;
            answer = await server.ReassignAsync(to, isRiskAccepted: true);
        }

        Snackbar.Tell(answer);
    }

    private async Task RunAsync(Func<Task> work)
    {
        if (_isBusy)
            return;
        _isBusy = true;
        try
        {
            await work();
        }
        catch (Exception e)
        {
            LogNotDone(Logger, e, Server.Id);
            Snackbar.TellFault();
        }
        finally
        {
            _isBusy = false;
            StateHasChanged();
        }
    }

    [LoggerMessage(LogLevel.Error, "Server {Server} could not be given a home.")]
    private static partial void LogNotDone(ILogger logger, Exception exception, ServerId server);
}
