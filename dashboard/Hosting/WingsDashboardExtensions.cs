using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Servers;

namespace OrleansWings.Dashboard.Hosting;

/// <summary>Puts the dashboard into a web application. Its backend is IFleet, IFleetFeed and IConsoleFeeds.</summary>
public static class WingsDashboardExtensions
{
    /// <summary>The dashboard's services. Authentication and authorization are the application's own.</summary>
    public static IServiceCollection AddWingsDashboard(this IServiceCollection services, Action<DashboardOptions>? configure = null)
    {
        services.AddOptions<DashboardOptions>().Configure(configure ?? (_ => { }));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FleetView>();
        services.AddHostedService(provider => provider.GetRequiredService<FleetView>());
        services.AddScoped<PowerActions>();
        services.AddScoped<ViewerClock>();
        services.AddCascadingAuthenticationState();
        // A field may hold 40,000 characters (FormField), of up to six bytes as JSON writes them; a longer message ends the circuit.
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = 256 * 1024);
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.TopCenter;
            mud.SnackbarConfiguration.PreventDuplicates = false;
            mud.SnackbarConfiguration.VisibleStateDuration = 4_000;
            mud.SnackbarConfiguration.ShowTransitionDuration = 100;
            mud.SnackbarConfiguration.HideTransitionDuration = 150;
        });
        return services;
    }

    /// <summary>
    /// The dashboard's middleware: security headers and a page for what is not found. Call it before authentication,
    /// and <see cref="MapWingsDashboard"/> after anti-forgery.
    /// </summary>
    public static IApplicationBuilder UseWingsDashboard(this IApplicationBuilder app)
    {
        app.UseMiddleware<SecurityHeaders>();
        // Before anti-forgery and with a scope of its own: else a 404 becomes a 500.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        return app;
    }

    /// <summary>The dashboard's assets and pages.</summary>
    public static RazorComponentsEndpointConventionBuilder MapWingsDashboard(this WebApplication app)
    {
        // The style sheets and scripts are needed by the sign-in page too.
        app.MapStaticAssets().AllowAnonymous();
        return app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = "'none'");
    }
}
