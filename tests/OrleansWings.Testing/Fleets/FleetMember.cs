using System.Text;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Testing.Fleets;

/// <summary>One process of a fleet, with the supervisor that a real one has: whenever it ends by itself, it is started again.</summary>
/// <param name="settings">Its settings.</param>
/// <param name="networkNamespace">The file of the network namespace that it runs in; null for this machine's own.</param>
public sealed class FleetMember(IReadOnlyDictionary<string, string> settings, string? networkNamespace = null) : IAsyncDisposable
{
    private readonly StringBuilder _earlier = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _supervising = Task.CompletedTask;
    private ProgramRun? _run;
    private volatile bool _isWanted;

    public Uri Address { get; } = new(settings["WINGS_URLS"]);

    /// <summary>What it is started with.</summary>
    public IReadOnlyDictionary<string, string> Settings => settings;

    /// <summary>What the process has in its environment besides, from its next start on.</summary>
    public Dictionary<string, string> Surroundings { get; } = [];

    public string Data { get; } = settings["WINGS_DATA"];

    /// <summary>The build that it runs from its next start on; null for the one that is tested.</summary>
    public string? Program { get; set; }

    /// <summary>What all its processes said.</summary>
    public string Output => _earlier + _run?.Output;

    /// <summary>Whether its process is there.</summary>
    public bool IsRunning => _run is { HasExited: false };

    /// <summary>How often the supervisor had to start it.</summary>
    public int Restarts { get; private set; }

    public Task WaitUntilReadyAsync() => _run!.WaitUntilReadyAsync();

    /// <summary>Starts it; when it is ready depends on the others.</summary>
    public async Task LaunchAsync()
    {
        if (_run is not null)
        {
            _earlier.Append(_run.Output).AppendLine("---- started again");
            await _run.DisposeAsync();
        }

        _run = ProgramRun.Start(settings.Concat(Surroundings).ToDictionary(), networkNamespace, Program);
        _isWanted = true;
        if (_supervising.IsCompleted)
            _supervising = SuperviseAsync();
    }

    /// <summary>Runs it without a supervisor.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunToItsEndAsync()
    {
        _run = ProgramRun.Start(settings, networkNamespace);
        return await _run.WaitForExitAsync();
    }

    /// <summary>The power cord: SIGKILL, and nobody starts it again.</summary>
    public async Task KillAsync()
    {
        _isWanted = false;
        await _run!.KillAsync();
    }

    /// <summary>Ends it as a service manager does, and nobody starts it again.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> InterruptAsync()
    {
        _isWanted = false;
        return await _run!.InterruptAsync();
    }

    /// <summary>The process stands still and keeps its connections open, as a machine does whose disk hangs.</summary>
    public Task FreezeAsync() => Command.RunAsync("kill", "-STOP", $"{_run!.ProcessId}");

    public Task ThawAsync() => Command.RunAsync("kill", "-CONT", $"{_run!.ProcessId}");

    public async ValueTask DisposeAsync()
    {
        _isWanted = false;
        await _stop.CancelAsync();
        await _supervising.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_run is not null)
            await _run.DisposeAsync();
        _stop.Dispose();
    }

    private async Task SuperviseAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(100, _stop.Token);
            if (!_isWanted || _run is not { HasExited: true })
                continue;
            Restarts++;
            await LaunchAsync();
        }
    }
}
