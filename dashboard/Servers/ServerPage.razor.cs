using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class ServerPage : IDisposable
{
    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(5);

    private ServerId? _id;
    private ServerSnapshot? _asked;
    private string? _fault;
    private bool _isMissing;
    private bool _isDeleting;
    private bool _wasListed;
    private DateTimeOffset _askedAt;

    /// <summary>As the address has it.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private IFleet Servers { get; set; } = default!;

    [Inject]
    private PowerActions Power { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ILogger<ServerPage> Logger { get; set; } = default!;

    private ServerListing? Listing => _id is { } id ? Picture.Find(id) : null;

    private ServerSnapshot? Server => SnapshotOrder.Shown(Listing?.Snapshot, _asked);

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        base.OnInitialized();
        Power.Changed += OnPowerChanged;
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var id = ServerId.TryParse(Id, null, out var parsed) ? parsed : (ServerId?)null;
        if (id is null)
            _isMissing = true;
        if (id is null || id == _id)
            return;
        (_id, _asked, _isMissing, _wasListed) = (id, null, false, Picture.Find(id.Value) is not null);
        await LoadAsync();
    }

    /// <inheritdoc />
    protected override void OnPicture()
    {
        var isListed = Listing is not null;
        // What was read once is no news of a server that the fleet does not speak of, or not any more.
        if (!isListed && !_isMissing && (_wasListed || Clock.Now - _askedAt > s_askAgainAfter))
            _ = InvokeAsync(ReloadAsync);
        _wasListed = isListed;
        _isMissing &= !isListed;
    }

    /// <inheritdoc />
    protected override void Dispose(bool isDisposing)
    {
        Power.Changed -= OnPowerChanged;
        base.Dispose(isDisposing);
    }

    // The feed has the fleet's servers; one that it has not yet, or not any more, is asked for by its id.
    private async Task LoadAsync()
    {
        var id = _id!.Value;
        _askedAt = Clock.Now;
        try
        {
            _asked = await Servers.GetServer(id).GetSnapshotAsync();
            _isMissing = Server is null;
            _fault = null;
        }
        catch (Exception e)
        {
            LogNotRead(Logger, e, id);
            _asked = null;
            _fault = "The program could not be asked. Its log says why.";
        }
    }

    private async Task ReloadAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private void OnPowerChanged() => _ = InvokeAsync(StateHasChanged);

    // Not awaited by the menu: it would stay open behind the question.
    private void BeginDelete() => _ = InvokeAsync(async () =>
    {
        try
        {
            await DeleteAsync();
        }
        catch (Exception e)
        {
            LogNotDeleted(Logger, e, Server?.Id);
            Snackbar.TellFault();
        }
    });

    private async Task DeleteAsync()
    {
        if (Server is not { } server || _isDeleting)
            return;
        var isSure = await Dialogs.ShowMessageBoxAsync(
            $"Delete “{server.Name}”?",
            $"It is stopped, its container is removed and its ports are freed. Its files stay in the trash for {ServerTrash.Days} days; until then it can be restored.",
            yesText: "Delete", cancelText: "Cancel");
        if (isSure != true)
            return;
        _isDeleting = true;
        try
        {
            var handle = Servers.GetServer(server.Id);
            var result = await handle.DeleteAsync();
            if (!result.IsAccepted)
            {
                Snackbar.Tell(result);
                return;
            }

            var snackbar = Snackbar;
            snackbar.Add(result.Message, Severity.Normal, options =>
            {
                options.HideIcon = true;
                options.Action = "Undo";
                options.VisibleStateDuration = 12_000;
                options.OnClick = _ => UndoAsync(handle, snackbar);
            });
            Navigation.NavigateTo("/");
        }
        finally
        {
            _isDeleting = false;
        }
    }

    // The page is gone by then: nothing of it is used.
    private async Task UndoAsync(IServer server, ISnackbar snackbar)
    {
        try
        {
            snackbar.Tell(await server.RestoreAsync());
        }
        catch (Exception e)
        {
            LogNotRestored(Logger, e, server.Id);
            snackbar.TellFault();
        }
    }

    [LoggerMessage(LogLevel.Error, "Server {Server} could not be deleted.")]
    private static partial void LogNotDeleted(ILogger logger, Exception exception, ServerId? server);

    [LoggerMessage(LogLevel.Error, "Server {Server} could not be restored.")]
    private static partial void LogNotRestored(ILogger logger, Exception exception, ServerId server);

    [LoggerMessage(LogLevel.Warning, "Server {Server} could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
