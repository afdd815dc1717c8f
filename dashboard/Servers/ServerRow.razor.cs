using Microsoft.AspNetCore.Components;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class ServerRow : IDisposable
{
    [Parameter, EditorRequired]
    public ServerListing Listing { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private PowerActions Power { get; set; } = default!;

    private ServerSnapshot Server => Listing.Snapshot;

    private UsageSample? Usage => Server.IsReachable ? Listing.Usage : null;

    private double MemoryShare => Usage is { MemoryLimitBytes: > 0 } usage ? Math.Min(1, (double)usage.MemoryBytes / usage.MemoryLimitBytes) : 0;

    /// <inheritdoc />
    public void Dispose() => Power.Changed -= OnPowerChanged;

    /// <inheritdoc />
    protected override void OnInitialized() => Power.Changed += OnPowerChanged;

    private void OnPowerChanged() => _ = InvokeAsync(StateHasChanged);

    // Two places: what starts or ends it, and the restart.
    private IEnumerable<PowerButton> RowButtons()
    {
        var buttons = PowerButtons.For(Server);
        yield return Server.State == PowerState.Offline && !Server.IsRestarting ? buttons.Start : buttons.Stop;
        yield return buttons.Restart;
    }
}
