using OrleansWings.Benchmarks.Servers;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Benchmarks.Consoles;

/// <summary>From a command to its echo: while all is quiet, and while another server floods.</summary>
internal static class RoundTripBenchmark
{
    private const int Blocks = 10;
    private const int PerBlock = 40;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Installation silo, IContainerEngine engine, Report report)
    {
        await using var rawServer = await RawServer.CreateAsync(silo, engine);
        await rawServer.StartAsync();
        await using var rawFlood = await RawServer.CreateAsync(silo, engine);
        await rawFlood.StartAsync();
        var server = await silo.RunAsync("round-trip");
        var flooding = await silo.RunAsync("flooding");
        await using var session = new SessionConsole(silo.Servers.Find(server.Id)!);
        await using var viewer = new ViewerConsole(server, silo.Consoles);
        await using var floodViewer = new ViewerConsole(flooding, silo.Consoles);
        ConsoleEnd[] ends = [rawServer.Console, session, viewer];
        foreach (var end in ends)
            await RoundTrip.MeasureAsync(end, PerBlock, new Samples());

        var quiet = ends.Select(_ => new Samples()).ToArray();
        for (var block = 0; block < Blocks; block++)
        {
            foreach (var (end, samples) in ends.Zip(quiet))
                await RoundTrip.MeasureAsync(end, PerBlock, samples);
        }

        var (raw, ours, whole) = (quiet[0], quiet[1], quiet[2]);
        // What the peer takes of the raw engine in its own run: 0.55 of 0.21 ms, 1.56 of 0.80 ms.
        report.Ratio("round trip, quiet, at the session, p50, ms", ours.Median, raw.Median, 0.55 / 0.21);
        report.Ratio("round trip, quiet, at the session, p99, ms", ours.At(0.99), raw.At(0.99), 1.56 / 0.80);
        report.AtMost("round trip, quiet, at a viewer, p50, ms", whole.Median, 10, raw.Median);
        report.AtMost("round trip, quiet, at a viewer, p99, ms", whole.At(0.99), 30, raw.At(0.99));

        var rawNoisy = new Samples();
        var noisy = new Samples();
        for (var round = 0; round < 3; round++)
        {
            await WhileFloodingAsync(rawFlood.Console, rawServer.Console, rawNoisy);
            await WhileFloodingAsync(floodViewer, viewer, noisy);
        }

        report.Plain("round trip while another server floods, p50, ms", noisy.Median, rawNoisy.Median);
        report.Plain("round trip while another server floods, p99, ms", noisy.At(0.99), rawNoisy.At(0.99));
        report.Ratio("the same, p99 beside its quiet value, ms", noisy.At(0.99), whole.At(0.99), 2);
        report.Plain("the raw engine's p99 beside its quiet value, ms", rawNoisy.At(0.99), raw.At(0.99));
        await server.KillAsync();
        await flooding.KillAsync();
    }

    private static async Task WhileFloodingAsync(ConsoleEnd flooding, ConsoleEnd end, Samples samples)
    {
        var over = flooding.ExpectAsync("flood over");
        await flooding.TypeAsync("flood 400000");
        for (var i = 0; i < 500 && !over.IsCompleted; i++)
        {
            var time = await RoundTrip.MeasureAsync(end);
            if (!over.IsCompleted)
                samples.Add(time);
            await Task.Delay(5);
        }

        await over.WaitAsync(s_patience);
    }
}
