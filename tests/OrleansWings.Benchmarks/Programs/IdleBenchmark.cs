namespace OrleansWings.Benchmarks.Programs;

/// <summary>What the published program costs while nobody watches and nobody asks.</summary>
internal static class IdleBenchmark
{
    // In its first minute the compiler is at work: that is the price of a start, not of being there.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Uri engine, string program, string folder, Report report)
    {
        var memory = new Dictionary<int, double>();
        foreach (var (servers, target) in ((int, double?)[])[(0, 4), (50, 6), (100, null)])
        {
            var data = Path.Combine(folder, "full");
            if (servers > 0)
                await FullFolder.FillAsync(engine, data, servers);
            await using var process = await ProgramProcess.StartReadyAsync(engine, program, servers > 0 ? data : Path.Combine(folder, "empty"));
            await Task.Delay(s_settle);
            var cpu = await process.MeasureCpuAsync(s_window);
            memory[servers] = process.ReadMemory();
            var what = $"idle CPU, {servers} running servers, % of a core";
            if (target is { } most)
                report.AtMost(what, cpu, most);
            else
                report.Plain(what, cpu);
        }

        report.Plain("resident memory, 0 servers, MB", memory[0]);
        report.Plain("resident memory, 50 running servers, MB", memory[50]);
        report.AtMost("resident memory, 100 running servers, MB", memory[100], 200);
        report.AtMost("resident memory per server, MB", (memory[100] - memory[0]) / 100, 0.3);
    }
}
