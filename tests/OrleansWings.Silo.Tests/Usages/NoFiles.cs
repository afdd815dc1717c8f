using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Silo.Tests.Usages;

/// <summary>Where the kernel's files cannot be read.</summary>
internal sealed class NoFiles : IUsageReader
{
    public UsageCounters? Read(ContainerId container, int processId) => null;

    public int? CountConnections(ContainerId container, int processId, IReadOnlySet<int> ports) => null;

    public void Forget(ContainerId container)
    {
    }
}
