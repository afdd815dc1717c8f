using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansWings.Settings;

namespace OrleansWings.Telemetry;

/// <summary>Logs for the terminal, metrics for Prometheus, and both metrics and traces for a collector if one is set.</summary>
internal static class TelemetryExtensions
{
    /// <summary>
    /// How many series an instrument may have; what is above is counted together. The library sets memory aside for all of them at
    /// once, and its own 2,000 for each of some two hundred instruments were most of this program's heap. Ours have a few dozen at most.
    /// </summary>
    internal const int MostSeries = 200;

    // They log each activation, probe and request at Information.
    private static readonly string[] s_noisy = ["Microsoft", "Orleans", "Polly", "System"];

    /// <summary>Adds the terminal's log.</summary>
    /// <param name="logging">Where to.</param>
    /// <param name="level">The least level of our own messages.</param>
    /// <param name="isStopping">
    /// Whether the program is being stopped. Its parts stop one after the other, and the libraries under them report the
    /// calls that are cut by it as faults, with their stacks.
    /// </param>
    public static void AddWingsLogging(this ILoggingBuilder logging, LogLevel level, Func<bool> isStopping)
    {
        void Library(string category, LogLevel least)
            => logging.AddFilter(category, message => message >= (level < least ? least : level) && !isStopping());

        logging.SetMinimumLevel(level);
        foreach (var category in s_noisy)
            Library(category, LogLevel.Warning);

        // A filter is a prefix of letters, not of names: "Orleans" is one of ours too.
        logging.AddFilter("OrleansWings", level);

        // Logs refusals that callers get anyway, for example of an unknown server, with a stack trace.
        Library("Orleans.Messaging", LogLevel.Critical);

        // While a member is away it says so for each probe, with a stack; the program says it in a line.
        Library("Orleans.Runtime.MembershipService.SiloHealthMonitor", LogLevel.Error);

        // Repeats with a stack what the sender of the message is told and says itself.
        Library("Microsoft.Extensions.Logging.ILogger", LogLevel.Critical);

        // Said by the program itself in one line, see WingsApplication.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // They advise a garbage collector that suits larger machines, and call a machine that slept a fault.
        Library("Orleans.Runtime.Silo", LogLevel.Error);
        Library("Orleans.Runtime.Watchdog", LogLevel.Error);

        // That keys lie unencrypted in our own 0700 folder is meant so.
        Library("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = false;
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
    }

    public static void AddWingsTelemetry(this IServiceCollection services, WingsOptions options)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(WingsNames.ServiceId))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter("OrleansWings*", "Microsoft.Orleans").AddAspNetCoreInstrumentation().AddRuntimeInstrumentation()
                    .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MostSeries }).AddPrometheusExporter();
                if (options.SendsTelemetry)
                    metrics.AddOtlpExporter();
            });

        // Spans cost time for each call: only when somebody receives them.
        if (options.SendsTelemetry)
            telemetry.WithTracing(tracing => tracing
                .AddSource("OrleansWings*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage")
                .AddAspNetCoreInstrumentation().AddOtlpExporter());
    }
}
