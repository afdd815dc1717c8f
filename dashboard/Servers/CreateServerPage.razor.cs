using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using MudBlazor;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class CreateServerPage : IDisposable
{
    private const string DraftKey = "wings.draft.server";

    private ServerFormModel _form = ServerFormModel.New();

    // Of this page, not of one press: pressed twice, or again after an answer that never came, it is the same server.
    private ServerId _id = ServerId.New();
    private bool _isRestored;

    [Inject]
    private IFleet Servers { get; set; } = default!;

    [Inject]
    private FleetView Fleet { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose() => Navigation.LocationChanged -= OnLeft;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnLeft;
        SuggestPorts();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || ServerDraft.Read(await Js.InvokeAsync<string?>("orleansWings.drafts.read", DraftKey)) is not { } draft)
        {
            // A page that was loaded anew before the first change was told has the texts all the same.
            if (firstRender && await Js.InvokeAsync<bool>("orleansWings.drafts.replay", DraftKey))
                ShowRestored();
            return;
        }

        (_id, _form) = (draft.Id, draft.Form);
        ShowRestored();
        // After the fields are there: what the browser had of them and this side had not heard of.
        await Js.InvokeAsync<bool>("orleansWings.drafts.replay", DraftKey);
    }

    private void ShowRestored()
    {
        _isRestored = true;
        StateHasChanged();
    }

    private async Task KeepAsync()
    {
        if (new ServerDraft(_id, _form).Write() is { } text)
            await Js.InvokeVoidAsync("orleansWings.drafts.save", DraftKey, text);
        else
            await Js.InvokeVoidAsync("orleansWings.drafts.clear", DraftKey);
    }

    private async Task DiscardAsync()
    {
        (_id, _form, _isRestored) = (ServerId.New(), ServerFormModel.New(), false);
        SuggestPorts();
        await Js.InvokeVoidAsync("orleansWings.drafts.clear", DraftKey);
    }

    // Cancelled, or gone elsewhere: only a page that is loaded anew has something to restore.
    private void OnLeft(object? sender, LocationChangedEventArgs left) => _ = InvokeAsync(ForgetAsync);

    private async Task ForgetAsync()
    {
        try
        {
            await Js.InvokeVoidAsync("orleansWings.drafts.clear", DraftKey);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The tab is gone or away: what it keeps is its own then.
        }
    }

    private void SuggestPorts()
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
            // Before the page is left: a tab that loads this page again at once would make the same server again.
            await ForgetAsync();
            Snackbar.Tell(result);
            Navigation.NavigateTo($"/servers/{result.Server ?? _id}");
        }
        else if (result.Refusal == ServerRefusal.AlreadyExists)
        {
            // A browser that doubles a tab doubles what it keeps, this id too. Refused with it once, it would be for ever.
            _id = ServerId.New();
            await KeepAsync();
            result = result with { Message = $"{result.Message} Send this one again to create it beside that one." };
        }

        return result;
    }
}
