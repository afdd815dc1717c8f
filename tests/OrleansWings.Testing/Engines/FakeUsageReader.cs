using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Testing.Engines;

/// <summary>Reads the usage that tests set on the containers of a fake engine.</summary>
public sealed class FakeUsageReader(FakeContainerEngine engine, TimeProvider? time = null) : IUsageReader
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Whether the kernel's files can be read from here; when not, every reading is null.</summary>
    public bool IsReadable { get; set; } = true;

    public UsageCounters? Read(ContainerId container, int processId)
        => IsReadable && engine.Find(container.Value) is { IsRunning: true } found && found.ProcessId == processId ? found.Usage with { At = _time.GetUtcNow() } : null;

    public int? CountConnections(ContainerId container, int processId, IReadOnlySet<int> ports)
        => IsReadable && engine.Find(container.Value) is { IsRunning: true } found && found.ProcessId == processId ? found.Connections : null;

    public void Forget(ContainerId container)
    {
    }
}
