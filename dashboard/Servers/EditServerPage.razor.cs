using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class EditServerPage
{
    private ServerId _id;
    private ServerFormModel? _form;
    private string _name = "";
    private string? _fault;
    private long _version;

    // Somebody else's, found at the last press; null when nobody changed it.
    private long? _newVersion;

    /// <summary>As the address has it.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private IFleet Servers { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ILogger<EditServerPage> Logger { get; set; } = default!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        try
        {
            var read = ServerId.TryParse(Id, null, out _id) ? await Servers.GetServer(_id).GetVersionedSpecAsync() : null;
            if (read is null)
            {
                (_form, _fault) = (null, "There is no server with this id");
                return;
            }

            (_name, _form) = (read.Spec.Name, ServerFormModel.From(read.Spec));
            (_version, _newVersion) = (read.Version, null);
        }
        catch (Exception e)
        {
            LogNotRead(Logger, e, _id);
            // What was typed before stays, and the button can be pressed again.
            if (_form is null)
                _fault = e is DamagedRecordException ? e.Message : "This server cannot be read at the moment";
            else
                Snackbar.TellFault();
        }
    }

    private async Task<ServerResult> UpdateAsync(ServerSpec spec)
    {
        var result = await Servers.GetServer(_id).UpdateAsync(spec, _newVersion ?? _version);
        if (result.IsAccepted)
        {
            Snackbar.Tell(result);
            Navigation.NavigateTo($"/servers/{_id}");
        }
        else if (result.Version is { } version)
        {
            // Pressed again it is saved over that version, and over no later one.
            _newVersion = version;
            StateHasChanged();
        }

        return result;
    }

    [LoggerMessage(LogLevel.Warning, "The spec of server {Server} could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
