using System.Diagnostics.Metrics;
using System.Globalization;
using OrleansWings.Telemetry;

namespace OrleansWings.Tests.Telemetry;

public sealed class MetricSeriesTests : IDisposable
{
    private const int Above = 50;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_MoreSeriesThanTheMost_AreCountedTogetherAndNoneIsLost()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();
        using var meter = new Meter("OrleansWings.Tests.Series");
        var counter = meter.CreateCounter<long>("orleanswings-tests-series");

        for (var i = 0; i < TelemetryExtensions.MostSeries + Above; i++)
            counter.Add(1, new KeyValuePair<string, object?>("number", i));

        var series = (await program.ReadAsync("/metrics")).Split('\n').Where(line => line.StartsWith("orleanswings_tests_series_total{", StringComparison.Ordinal)).ToArray();
        Assert.InRange(series.Length, TelemetryExtensions.MostSeries, TelemetryExtensions.MostSeries + 1);
        Assert.Single(series, line => line.Contains("otel_metric_overflow=\"true\"", StringComparison.Ordinal));
        Assert.Equal(TelemetryExtensions.MostSeries + Above, series.Sum(line => double.Parse(line.Split('}')[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture)));
    }
}
