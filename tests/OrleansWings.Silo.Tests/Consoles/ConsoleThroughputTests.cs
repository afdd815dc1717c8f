using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Consoles;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>Print how fast it is; nothing is asserted of time, for the machine is shared.</summary>
public sealed class ConsoleThroughputTests(ITestOutputHelper output)
{
    private const int Lines = 1_000_000;

    private static readonly byte[] s_flood = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, 10_000).Select(i => $"[12:34:56] [Server thread/INFO]: line {i:D6} of the flood\r\n")));

    [Fact]
    public void Splitter_Flood_PrintsItsSpeed()
    {
        var counter = new Counter();
        var splitter = new ConsoleSplitter();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Lines / 10_000; i++)
            splitter.Push(s_flood, ref counter);

        output.WriteLine($"splitter: {Lines / watch.Elapsed.TotalSeconds:N0} lines/s");
        Assert.Equal(Lines, counter.Count);
    }

    [Fact]
    public async Task Session_FloodWithAViewer_KeepsEveryLineAndPrintsItsSpeed()
    {
        using var folder = new TempFolder();
        await using var engine = new ScriptedEngine(new FakeTimeProvider());
        var options = new ConsoleOptions { MaxBytes = 256L << 20, ThrottleLines = 0 };
        await using var session = new ConsoleSession(ServerId.New(), folder.Path, engine, options, TimeProvider.System, NullLogger<ConsoleSession>.Instance);
        await session.AttachAsync("game", default);
        var viewer = Task.Run(async () =>
        {
            var (next, seen) = (ConsolePosition.Start, 0L);
            while (seen < Lines)
            {
                await session.WaitForMoreAsync(next, CancellationToken.None);
                if (session.Read(ConsoleCursor.From(next), 64 * 1024).Batch is not { } batch)
                    continue;
                Assert.Equal(next, batch.First);
                seen += batch.Lines().Count(l => !l.IsPartial);
                next = batch.Next;
            }
        });
        var before = GC.GetTotalAllocatedBytes();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Lines / 10_000; i++)
            engine.Terminal.Say(s_flood);
        await engine.Terminal.ReadUpAsync();
        var elapsed = watch.Elapsed;
        await viewer.WaitAsync(TimeSpan.FromMinutes(1));

        output.WriteLine($"session: {Lines / elapsed.TotalSeconds:N0} lines/s to the journal; viewer done after {watch.Elapsed.TotalMilliseconds:N0} ms; "
            + $"processor {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds:N0} ms; allocated {(GC.GetTotalAllocatedBytes() - before) / (double)Lines:N0} bytes a line");
        Assert.True(session.Head.Sequence > Lines);
    }

    [Fact]
    public async Task Session_ManyIdle_PrintsTheirMemory()
    {
        const int Count = 200;
        using var folder = new TempFolder();
        await using var engine = new ScriptedEngine(new FakeTimeProvider());
        var sessions = new List<ConsoleSession>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            var session = new ConsoleSession(
                ServerId.New(), Path.Combine(folder.Path, $"{i}"), engine, new ConsoleOptions(), TimeProvider.System, NullLogger<ConsoleSession>.Instance);
            await session.AttachAsync("game", default);
            engine.Terminal.Say("ready\r\n"u8);
            await engine.Terminal.ReadUpAsync();
            sessions.Add(session);
        }

        output.WriteLine($"idle: {(GC.GetTotalMemory(forceFullCollection: true) - before) / Count:N0} bytes a session (with the fake terminal's)");
        Assert.All(sessions, s => Assert.Equal(2, s.Head.Sequence));
        foreach (var session in sessions)
            await session.DisposeAsync();
    }

    private struct Counter : IConsoleRecordVisitor
    {
        public int Count { get; private set; }

        public void OnRecord(ReadOnlySpan<byte> bytes, ConsoleFlags flags) => Count++;
    }
}
