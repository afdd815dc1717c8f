using System.Diagnostics;
using System.Globalization;

namespace OrleansWings.Benchmarks.Programs;

/// <summary>The published program as a process of its own, and what the kernel says of it.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("OrleansWings is ready:", StringComparison.Ordinal) == true)
                _ready.TrySetResult();
        };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static ProgramProcess Start(Uri engine, string program, string folder)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["WINGS_DATA"] = folder;
        start.Environment["WINGS_ENGINE"] = engine.OriginalString;
        start.Environment["WINGS_HOST"] = Installation.HostName;
        start.Environment["WINGS_URLS"] = $"http://127.0.0.1:{FindPort()}";
        return new ProgramProcess(Process.Start(start)!);
    }

    public static async Task<ProgramProcess> StartReadyAsync(Uri engine, string program, string folder)
    {
        var process = Start(engine, program, folder);
        await process.WaitUntilReadyAsync();
        return process;
    }

    public Task WaitUntilReadyAsync() => _ready.Task.WaitAsync(s_patience);

    public int Id => _process.Id;

    /// <summary>CPU time of all its threads so far.</summary>
    public TimeSpan ReadCpu() => ProcessCpu.Read(Id);

    /// <summary>Resident memory in MB.</summary>
    public double ReadMemory()
    {
        var line = File.ReadLines($"/proc/{Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line[6..^3].Trim(), CultureInfo.InvariantCulture) * 1024 / 1_000_000;
    }

    /// <summary>CPU over some time, in % of one core.</summary>
    public async Task<double> MeasureCpuAsync(TimeSpan time) => (await ProcessCpu.MeasureAsync(time, [Id]))[0];

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static int FindPort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }
}
