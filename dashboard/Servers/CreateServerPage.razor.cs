using Microsoft.AspNetCore.Components;
using MudBlazor;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class CreateServerPage
{
    private readonly ServerFormModel _form = ServerFormModel.New();

    // Of this page, not of one press: pressed twice, or again after an answer that never came, it is the same server.
    private readonly ServerId _id = ServerId.New();

    [Inject]
    private IFleet Servers { get; set; } = default!;

    [Inject]
    private FleetView Fleet { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        // Where hosts have pools a port is given; one that is named from here might be in none of them.
        if (Fleet.Current.Hosts.Any(host => host.Settings is { Pools.IsEmpty: false }))
            _form.PortCount = "1";
        else if (PortSuggestion.Next(Fleet.Current.Servers.SelectMany(listing => listing.Snapshot.Ports), []) is { } port)
            _form.Ports.Add(new PortRow { Port = $"{port}" });
    }

    private async Task<ServerResult> CreateAsync(ServerSpec spec)
    {
        var result = await Servers.CreateServerAsync(spec, _id);
        if (result.IsAccepted)
        {
            Snackbar.Tell(result);
            Navigation.NavigateTo($"/servers/{result.Server ?? _id}");
        }

        return result;
    }
}
