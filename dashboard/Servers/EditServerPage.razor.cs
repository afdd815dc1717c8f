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
    protected override async Task OnInitializedAsync()
    {
        try
        {
            var spec = ServerId.TryParse(Id, null, out _id) ? await Servers.GetServer(_id).GetSpecAsync() : null;
            if (spec is null)
            {
                _fault = "There is no server with this id";
                return;
            }

            _name = spec.Name;
            _form = ServerFormModel.From(spec);
        }
        catch (Exception e)
        {
            LogNotRead(Logger, e, _id);
            _fault = "This server cannot be read at the moment";
        }
    }

    private async Task<ServerResult> UpdateAsync(ServerSpec spec)
    {
        var result = await Servers.GetServer(_id).UpdateAsync(spec);
        if (result.IsAccepted)
        {
            Snackbar.Tell(result);
            Navigation.NavigateTo($"/servers/{_id}");
        }

        return result;
    }

    [LoggerMessage(LogLevel.Warning, "The spec of server {Server} could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
