using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using MudBlazor.Services;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Servers;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>People who have the list of servers open and do nothing: what one of them costs, however many servers there are.</summary>
/// <remarks>The page itself, rendered and kept as in a circuit, with the rows that a screen shows. The connection to the browser is not in it.</remarks>
internal static class ScaleViewers
{
    private const int Viewers = 100;
    private const int Searches = 100;
    private static readonly TimeSpan s_watching = TimeSpan.FromSeconds(10);

    public static async Task MeasureAsync(ScaleFleet fleet, Report report, CancellationToken limit)
    {
        var without = await MeasureCpuAsync(limit);
        await using var services = Services(fleet);
        var viewers = new List<PageCircuit>();
        try
        {
            // The first of them brings what all share: types, compiled code, the components' own tables.
            viewers.Add(await PageCircuit.OpenAsync<ServerListPage>(services));
            var before = fleet.MeasureMemory();
            for (var i = 0; i < Viewers; i++)
                viewers.Add(await PageCircuit.OpenAsync<ServerListPage>(services));
            report.Plain($"memory of an idle viewer of the list of {fleet.Created.Length:N0} servers, KB (mean of {Viewers}, {viewers[^1].Rows} rows on the screen)", (fleet.MeasureMemory() - before) / 1e3 / Viewers);
            var renderings = viewers.Sum(viewer => viewer.Renderings);
            var with = await MeasureCpuAsync(limit);
            report.Plain($"CPU of {viewers.Count} viewers while {fleet.View.Current.Servers.Count(listing => listing.Usage is not null)} servers run, % of a core (raw: the same fleet without them)", with - without, without);
            report.Plain("renderings per viewer and second", (viewers.Sum(viewer => viewer.Renderings) - renderings) / s_watching.TotalSeconds / viewers.Count);
            GC.KeepAlive(viewers);
        }
        finally
        {
            foreach (var viewer in viewers)
                await viewer.CloseAsync();
        }

        MeasureSearches(fleet, report);
    }

    // Each finds a tenth of all, which is the most that a copy would cost of what people look for.
    private static void MeasureSearches(ScaleFleet fleet, Report report)
    {
        var before = fleet.MeasureMemory();
        var filters = Enumerable.Range(0, Searches).Select(i => new FleetFilter { Text = $"server {i % 10}" }).ToArray();
        var found = filters.Sum(filter => filter.Apply(fleet.View.Current).Count);
        report.Plain($"memory of a viewer's search, KB (mean of {Searches}, which find {found / Searches:N0} each)", (fleet.MeasureMemory() - before) / 1e3 / Searches);
        GC.KeepAlive(filters);
    }

    private static async Task<double> MeasureCpuAsync(CancellationToken limit)
    {
        var before = Environment.CpuUsage.TotalTime;
        await Task.Delay(s_watching, limit);
        return (Environment.CpuUsage.TotalTime - before) / s_watching * 100;
    }

    private static ServiceProvider Services(ScaleFleet fleet)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMudServices();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(fleet.Cluster.Fleet);
        services.AddSingleton(fleet.View);
        services.AddScoped<PowerActions>();
        services.AddScoped<ViewerClock>();
        services.AddScoped<ScreenRuntime>();
        services.AddScoped<IJSRuntime>(provider => provider.GetRequiredService<ScreenRuntime>());
        services.AddScoped<NavigationManager, StillNavigation>();
        services.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(NullLoggerFactory.Instance);
        return services.BuildServiceProvider();
    }

    private sealed class StillNavigation : NavigationManager
    {
        public StillNavigation() => Initialize("http://localhost/", "http://localhost/");
    }
}
