using System.Globalization;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>The part "scale" by its settings: how many servers, and by the environment on how many hosts, on which store and for how long at most.</summary>
internal static class ScaleRun
{
    public static async Task RunAsync(string? servers)
    {
        var report = new Report();
        var (count, hosts) = (Number(servers, 10_000), Number(Environment.GetEnvironmentVariable("HOSTS"), 50));
        var isOnRedis = Environment.GetEnvironmentVariable("STORE") is "redis";
        await report.WriteMachineAsync($"{count:N0} servers on {hosts} simulated hosts, the store is {(isOnRedis ? "a Redis" : "a file")}");
        try
        {
            await ScaleBenchmark.RunAsync(count, hosts, TimeSpan.FromMinutes(Number(Environment.GetEnvironmentVariable("MINUTES"), 10)), isOnRedis, report);
        }
        catch (Exception e)
        {
            // What was measured until then is worth having.
            report.Note($"The run broke off: {e}");
        }

        report.Write();
    }

    private static int Number(string? text, int otherwise) => string.IsNullOrEmpty(text) ? otherwise : int.Parse(text, CultureInfo.InvariantCulture);
}
