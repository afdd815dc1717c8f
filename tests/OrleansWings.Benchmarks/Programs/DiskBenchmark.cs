using System.Diagnostics;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Benchmarks.Programs;

/// <summary>What it costs to know how much a server's files take when there are a million of them.</summary>
internal static class DiskBenchmark
{
    private const int Folders = 1_000;
    private const int FilesInEach = 1_000;

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Uri engine, string program, string folder, Report report)
    {
        var data = Path.Combine(folder, "files");
        var volume = new HostPaths(data).Volume(OrleansWings.Servers.ServerId.Parse(await FullFolder.FillAsync(engine, data, 1)));
        var without = await MeasureAsync(engine, program, data);
        Fill(volume);
        var with = await MeasureAsync(engine, program, data);
        report.Plain("CPU, one server with hardly a file, % of a core", without);
        report.Plain("CPU, one server with a million files, % of a core", with);
        report.AtMost("measuring a million files, % of a core", with - without, 1);
        report.Plain("measuring a million files in one go (du), s", await CountAsync(volume));
        Directory.Delete(Path.Combine(volume, "many"), recursive: true);
    }

    // A server without a limit is measured again half a minute after it was: with so many files it is being measured nearly always.
    private static async Task<double> MeasureAsync(Uri engine, string program, string data)
    {
        await using var process = await ProgramProcess.StartReadyAsync(engine, program, data);
        await Task.Delay(s_settle);
        return await process.MeasureCpuAsync(s_window);
    }

    private static void Fill(string volume)
    {
        for (var i = 0; i < Folders; i++)
        {
            var one = Directory.CreateDirectory(Path.Combine(volume, "many", $"{i}")).FullName;
            for (var j = 0; j < FilesInEach; j++)
                File.Create(Path.Combine(one, $"{j}"), 0).Dispose();
        }
    }

    private static async Task<double> CountAsync(string volume)
    {
        var began = Stopwatch.GetTimestamp();
        await HostCommand.RunAsync("du", ["-s", volume], CancellationToken.None);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
