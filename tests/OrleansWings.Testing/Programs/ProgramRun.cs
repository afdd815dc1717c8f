using System.Diagnostics;
using System.Text;

namespace OrleansWings.Testing.Programs;

/// <summary>One process of the program, and everything it says.</summary>
public sealed class ProgramRun : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramRun(Process process)
    {
        _process = process;
        process.OutputDataReceived += OnLine;
        process.ErrorDataReceived += OnLine;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>Starts the program with these settings and no others.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="networkNamespace">The file of the network namespace that it runs in; null for this machine's own.</param>
    /// <param name="program">Another build of it; null for the one that is tested.</param>
    public static ProgramRun Start(IReadOnlyDictionary<string, string> settings, string? networkNamespace = null, string? program = null)
    {
        program ??= PublishedProgram.Path;
        // nsenter becomes the program: the process is one and the same.
        var (file, arguments) = networkNamespace is null ? (program, (string[])[]) : ("nsenter", [$"--net={networkNamespace}", program]);
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        return new ProgramRun(Process.Start(start.WithOnly(settings))!);
    }

    /// <summary>Waits for the line that says so.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        var exit = _process.WaitForExitAsync(limit.Token);
        if (await Task.WhenAny(_ready.Task, exit) != _ready.Task)
            throw new InvalidOperationException($"The program {(_process.HasExited ? $"ended with {_process.ExitCode}" : "was not ready in time")}:\n{Output}");
    }

    /// <summary>Its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no chance to write anything.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return WaitForExitAsync();
    }

    /// <summary>SIGINT, as Ctrl-C does.</summary>
    public async Task<int> InterruptAsync()
    {
        await Command.RunAsync("kill", "-INT", $"{_process.Id}");
        return await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_output)
            _output.AppendLine(line.Data);
        if (line.Data.StartsWith("OrleansWings is ready:", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
