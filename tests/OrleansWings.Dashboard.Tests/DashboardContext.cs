using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor;
using MudBlazor.Services;
using OrleansWings.Consoles;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests;

/// <summary>A circuit without a browser: the dashboard's services over the fake fleet, its live view running.</summary>
public abstract class DashboardContext : BunitContext, IAsyncLifetime
{
    protected static readonly HostId Eu1 = new("eu-1");
    protected static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    protected DashboardContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<IFleet>(Fleet);
        Services.AddSingleton<IFleetFeed>(Fleet);
        Services.AddSingleton<IConsoleFeeds>(Fleet);
        Services.AddSingleton(TimeProvider.System);
        View = new FleetView(Fleet, TimeProvider.System, NullLogger<FleetView>.Instance);
        Services.AddSingleton(View);
        Services.AddScoped<PowerActions>();
        Services.AddScoped<ViewerClock>();
    }

    protected FakeFleet Fleet { get; } = new(TimeProvider.System);

    protected FleetView View { get; }

    /// <summary>What was said at the edge of the page.</summary>
    protected IEnumerable<string?> Said => Services.GetRequiredService<ISnackbar>().ShownSnackbars.Select(snackbar => snackbar.Message);

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    public async ValueTask InitializeAsync()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1 });
        await View.StartAsync(Xunit.TestContext.Current.CancellationToken);
        await View.UntilAsync(picture => picture.IsLoaded);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await View.StopAsync(CancellationToken.None);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected FakeServer Add(string name, PowerState state = PowerState.Offline, int port = 25_565)
    {
        var server = Fleet.Add(
            new ServerSpec { Name = name, Image = "debian:12", Startup = "./run", Ports = [new("0.0.0.0", port)] }, Eu1);
        if (state != PowerState.Offline)
            server.Enter(state);
        return server;
    }
}
