using OrleansWings.Silo.Hosting;

namespace OrleansWings.Health;

/// <summary>For supervisors and load balancers; the only endpoints besides sign-in that ask for no user.</summary>
internal static class HealthEndpoints
{
    public static void MapWingsHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Text("live")).AllowAnonymous();
        app.MapGet("/health/ready", (IWingsReadiness readiness) => readiness.WhyNotReady is { } why
            ? Results.Text($"not ready: {why}", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready")).AllowAnonymous();
    }
}
