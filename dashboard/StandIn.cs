// Stand-in so that the program runs and is tested before the dashboard's own branch is merged. Delete this file then.
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansWings.Dashboard.Hosting;

public static class StandInDashboard
{
    public static IServiceCollection AddWingsDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    public static IApplicationBuilder UseWingsDashboard(this IApplicationBuilder app) => app;

    public static IEndpointRouteBuilder MapWingsDashboard(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<StandInApp>().AddInteractiveServerRenderMode();
        return app;
    }
}

public sealed class StandInApp : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><base href=\"/\"><link rel=\"stylesheet\" href=\"OrleansWings.styles.css\">");
        builder.OpenComponent<HeadOutlet>(1);
        builder.CloseComponent();
        builder.AddMarkupContent(2, "</head><body>");
        builder.OpenComponent<Router>(3);
        builder.AddComponentParameter(4, nameof(Router.AppAssembly), Assembly.GetExecutingAssembly());
        builder.AddComponentParameter(5, nameof(Router.Found), (RenderFragment<Microsoft.AspNetCore.Components.RouteData>)(data => b =>
        {
            b.OpenComponent<RouteView>(0);
            b.AddComponentParameter(1, nameof(RouteView.RouteData), data);
            b.CloseComponent();
        }));
        builder.CloseComponent();
        builder.AddMarkupContent(6, "</body></html>");
    }
}

[Route("/")]
public sealed class StandInHome : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<h1>Servers</h1>");
        builder.OpenElement(1, "form");
        builder.AddAttribute(2, "method", "post");
        builder.AddAttribute(3, "action", "/sign-out");
        builder.OpenComponent<AntiforgeryToken>(4);
        builder.CloseComponent();
        builder.CloseElement();
    }
}
