using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using OrleansWings.Consoles;
using OrleansWings.Dashboard.DevHost;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Dashboard.Hosting;
using OrleansWings.Fleets;

// The dashboard with a simulated fleet, to look at while working on it: dotnet run --project tests/OrleansWings.Dashboard.DevHost
// -- [servers] [port]. On loopback only, and everybody is signed in.
var servers = args.Length > 0 ? int.Parse(args[0]) : 12;
var port = args.Length > 1 ? int.Parse(args[1]) : 8090;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(new FakeFleetOptions(servers));
builder.Services.AddSingleton<FakeFleet>();
builder.Services.AddSingleton<IFleet>(provider => provider.GetRequiredService<FakeFleet>());
builder.Services.AddSingleton<IFleetFeed>(provider => provider.GetRequiredService<FakeFleet>());
builder.Services.AddSingleton<IConsoleFeeds>(provider => provider.GetRequiredService<FakeFleet>());
builder.Services.AddHostedService<Simulation>();
builder.Services.AddWingsDashboard(options => options.ExecutableName = "OrleansWings.Dashboard.DevHost");
builder.Services.AddAuthentication(FixedUser.Scheme).AddScheme<AuthenticationSchemeOptions, FixedUser>(FixedUser.Scheme, null);
builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

var app = builder.Build();
app.UseWingsDashboard();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapWingsDashboard();
app.MapGet("/health/live", () => "alive").AllowAnonymous();
app.MapPost("/sign-out", () => "Signed out.");
await app.RunAsync();
