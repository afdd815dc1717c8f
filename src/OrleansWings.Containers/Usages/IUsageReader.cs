using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Usages;

/// <summary>Reads a running container's counters from the kernel's files (cgroup v1 or v2, and /proc/PID/net/dev).</summary>
/// <remarks>Cheap enough to call for hundreds of containers every second: paths are found once per container and kept.</remarks>
public interface IUsageReader
{
    /// <summary>The counters now; null when the files cannot be read (another machine, another mount, or the process is gone).</summary>
    /// <param name="container">Which one.</param>
    /// <param name="processId">Its first process on the host.</param>
    UsageCounters? Read(ContainerId container, int processId);

    /// <summary>
    /// TCP connections from elsewhere that are open at a container's ports; null when it cannot be told who is connected: UDP, which has no connections, is
    /// bound to one of them, there are no ports, the files cannot be read, or <see cref="Read"/> has not yet found that the process is this container's.
    /// </summary>
    /// <param name="container">Which one.</param>
    /// <param name="processId">Its first process on the host.</param>
    /// <param name="ports">The ports.</param>
    int? CountConnections(ContainerId container, int processId, IReadOnlySet<int> ports);

    /// <summary>Forgets what is kept for a container.</summary>
    void Forget(ContainerId container);
}
