using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class TrashPage
{
    private readonly HashSet<ServerId> _restoring = [];
    private ImmutableArray<DeletedServer>? _servers;
    private string? _fault;

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ILogger<TrashPage> Logger { get; set; } = default!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        try
        {
            _servers = await Fleet.ListDeletedServersAsync();
            _fault = null;
        }
        catch (Exception e)
        {
            // The page still stands: what is wrong with the store is shown and can be tried again.
            LogListFailed(Logger, e);
            _fault = "The list of deleted servers cannot be read at the moment.";
        }
    }

    private async Task RestoreAsync(DeletedServer server)
    {
        if (!_restoring.Add(server.Id))
            return;
        try
        {
            var result = await Fleet.GetServer(server.Id).RestoreAsync();
            Snackbar.Tell(result);
            if (result.IsAccepted)
                await LoadAsync();
        }
        catch (Exception e)
        {
            LogRestoreFailed(Logger, e, server.Id);
            Snackbar.TellFault();
        }
        finally
        {
            _restoring.Remove(server.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The deleted servers could not be listed.")]
    private static partial void LogListFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Server {Server} could not be restored.")]
    private static partial void LogRestoreFailed(ILogger logger, Exception exception, ServerId server);
}
