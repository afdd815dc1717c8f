using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Tests on a host's part of the program, with a data folder of its own and an engine in memory; all of it is gone at the end.</summary>
public abstract class HostProgramTests : IAsyncLifetime
{
    private protected readonly TempFolder _folder = new();
    private protected readonly FakeContainerEngine _engine = new();
    private protected readonly HostProgram _program;

    /// <param name="time">The program's clock; null for the system's, by which the engine lives in any case.</param>
    /// <param name="options">The host's settings, from its data folder; null for the defaults.</param>
    private protected HostProgramTests(TimeProvider? time = null, Func<string, DockerHostOptions>? options = null)
        => _program = new HostProgram(_folder.Path, _engine, time, options?.Invoke(_folder.Path));

    public async ValueTask InitializeAsync() => await _program.ResumedAsync();

    public async ValueTask DisposeAsync()
    {
        // Nothing that a test did to the engine holds up its end.
        (_engine.IsHung, _engine.IsAway, _engine.Fault, _engine.HeldCall) = (false, false, null, null);
        await _program.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
