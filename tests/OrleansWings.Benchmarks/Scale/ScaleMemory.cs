using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Client.Fleets;
using OrleansWings.Dashboard.Fleets;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>Whose memory it is, by what goes when one part of it is let go: all of them are in one process.</summary>
internal static class ScaleMemory
{
    public static async Task MeasurePictureAsync(ScaleFleet fleet, Report report, CancellationToken limit)
    {
        var (servers, before) = (fleet.Created.Length, fleet.MeasureMemory());
        // A picture of its own, from the wire, as another control process has one.
        await using var second = new SecondPicture(fleet);
        var took = await second.LoadAsync(servers, limit);
        report.Plain("a control process that begins: its picture has all servers after, s", took.TotalSeconds);
        report.Plain("memory of a control process's picture per server, KB", (fleet.MeasureMemory() - before) / 1e3 / servers);
    }

    /// <summary>Last of all: until they are all back, everything else is slower.</summary>
    public static async Task MeasureGrainsAsync(ScaleFleet fleet, Report report, CancellationToken limit)
    {
        var (servers, before) = (fleet.Created.Length, fleet.MeasureMemory());
        // Activations that nobody has called for long go by themselves; hosts ask the records once a minute, so in life these stay.
        await fleet.Cluster.Control("c1").GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, limit);
        await Task.Delay(TimeSpan.FromSeconds(5), limit);
        report.Plain("memory per server that goes with its grains when they are deactivated (records on control silos, addresses on hosts), KB", (before - fleet.MeasureMemory()) / 1e3 / servers);
    }

    /// <summary>What a further control process reads and keeps: a subscription and the dashboard's picture.</summary>
    private sealed class SecondPicture : IAsyncDisposable
    {
        private readonly FleetHub _hub;
        private readonly FleetView _view;

        // On the control silo that has not the feed's grain, else the listings are the very same objects.
        public SecondPicture(ScaleFleet fleet)
        {
            var grains = fleet.Cluster.Control("c2").GetRequiredService<IGrainFactory>();
            _hub = new FleetHub(grains, Task.CompletedTask, TimeProvider.System, NullLogger<FleetHub>.Instance);
            _view = new FleetView(_hub, TimeProvider.System, NullLogger<FleetView>.Instance);
        }

        public async Task<TimeSpan> LoadAsync(int servers, CancellationToken limit)
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            await _hub.StartAsync(limit);
            await _view.StartAsync(limit);
            while (_view.Current.Servers.Length < servers)
                await Task.Delay(5, limit);
            return System.Diagnostics.Stopwatch.GetElapsedTime(began);
        }

        public async ValueTask DisposeAsync()
        {
            await _view.StopAsync(CancellationToken.None);
            await _hub.StopAsync(CancellationToken.None);
        }
    }
}
