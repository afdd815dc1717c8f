using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Benchmarks.Programs;

/// <summary>The program is killed and started again with 100 running servers, one of which says 20 lines a second.</summary>
internal static class RestartBenchmark
{
    private const int Servers = 100;
    private const int Rounds = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Uri engine, string program, string folder, Report report)
    {
        var data = Path.Combine(folder, "full");
        var server = await FullFolder.FillAsync(engine, data, Servers);
        var journal = Path.Combine(data, "consoles", server);
        var empty = await StartEmptyAsync(engine, program, folder);
        var (ready, cpu, line) = (new Samples(), new Samples(), new Samples());
        var process = await ProgramProcess.StartReadyAsync(engine, program, data);
        try
        {
            await BeginTicksAsync(engine, server);
            for (var round = 0; round < Rounds; round++)
            {
                await Task.Delay(2_000);
                await process.KillAsync();
                await process.DisposeAsync();
                var before = SizeOf(journal);
                var began = Stopwatch.GetTimestamp();
                process = ProgramProcess.Start(engine, program, data);
                var first = FirstGrowthAsync(journal, before, began);
                await process.WaitUntilReadyAsync();
                ready.Add(Stopwatch.GetElapsedTime(began));
                cpu.Add(process.ReadCpu());
                line.Add(await first);
            }

            await Task.Delay(1_000);
        }
        finally
        {
            await process.DisposeAsync();
        }

        report.AtMost($"program start → ready, all {Servers} running servers attached, ms (raw: without servers)", ready.Median, 1_500, empty.Ready.Median);
        report.Plain("CPU time that it takes until then, ms (raw: without servers)", cpu.Median, empty.Cpu.Median);
        report.AtMost("SIGKILL, started again → first line in the journal, ms", line.Median, 1_500);
        var (said, lost, doubled) = CountTicks(journal);
        report.AtMost($"lines lost over {Rounds} kills, of {said}", lost, 0);
        report.AtMost("lines doubled", doubled, 0);
    }

    // What no number of servers changes: the runtime's own start, Orleans, the pages.
    private static async Task<(Samples Ready, Samples Cpu)> StartEmptyAsync(Uri engine, string program, string folder)
    {
        var (ready, cpu) = (new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var process = ProgramProcess.Start(engine, program, Path.Combine(folder, "none"));
            await process.WaitUntilReadyAsync();
            ready.Add(Stopwatch.GetElapsedTime(began));
            cpu.Add(process.ReadCpu());
        }

        return (ready, cpu);
    }

    private static async Task BeginTicksAsync(Uri address, string server)
    {
        await using var engine = new DockerContainerEngine(address);
        await using var console = await engine.AttachAsync(server, CancellationToken.None);
        await console.WriteAsync(Encoding.UTF8.GetBytes("run i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo tick $i; sleep 0.05; done\n"), CancellationToken.None);
        var buffer = new byte[4096];
        await console.ReadAsync(buffer, CancellationToken.None);
    }

    private static async Task<TimeSpan> FirstGrowthAsync(string journal, long before, long began)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (SizeOf(journal) == before)
            await Task.Delay(2, limit.Token);
        return Stopwatch.GetElapsedTime(began);
    }

    private static long SizeOf(string journal) => Directory.EnumerateFiles(journal, "*.log", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    // By their numbers: in a mere count, a line that is there twice would hide one that is lost.
    private static (int Said, int Lost, int Doubled) CountTicks(string journal)
    {
        var (seen, doubled) = (new HashSet<int>(), 0);
        foreach (var file in Directory.EnumerateFiles(journal, "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            ReadOnlyMemory<byte> rest = File.ReadAllBytes(file);
            while (ConsoleRecordCodec.SizeOf(rest.Span) is > 0 and var size)
            {
                var text = Encoding.UTF8.GetString(ConsoleRecordCodec.Read(rest, size, ConsolePosition.Start).Bytes.Span).TrimEnd('\r');
                rest = rest[size..];
                if (text.StartsWith("tick ", StringComparison.Ordinal) && int.TryParse(text[5..], CultureInfo.InvariantCulture, out var number) && !seen.Add(number))
                    doubled++;
            }
        }

        var said = seen.DefaultIfEmpty().Max();
        return (said, said - seen.Count, doubled);
    }
}
