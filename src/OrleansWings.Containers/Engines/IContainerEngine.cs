using OrleansWings.Containers.Usages;

namespace OrleansWings.Containers.Engines;

/// <summary>
/// The one way to a Docker engine. Not-found is a null or a false; every other failure is an
/// <see cref="EngineException"/>; a cancelled token is an <see cref="OperationCanceledException"/>.
/// </summary>
/// <remarks>
/// Containers are named by their name or id. An engine that goes away fails the calls under way with
/// <see cref="EngineUnreachableException"/>; the same object works again when the engine is back. Safe for concurrent use.
/// </remarks>
public interface IContainerEngine : IAsyncDisposable
{
    /// <summary>The engine did what it was asked, and said that it left a part of it out. Handlers only post.</summary>
    event Action<EngineWarning>? Warned;

    /// <summary>The engine's version, machine and cgroup layout. Also the way to ask "are you there".</summary>
    Task<EngineFacts> GetFactsAsync(CancellationToken cancellationToken);

    /// <summary>Makes a container; nothing runs yet.</summary>
    /// <exception cref="ImageMissingException">The image is not on the engine.</exception>
    /// <exception cref="NameTakenException">A container of that name exists.</exception>
    Task<ContainerId> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken);

    /// <summary>The container now; null when there is none.</summary>
    Task<ContainerState?> InspectAsync(string container, CancellationToken cancellationToken);

    /// <summary>
    /// Attaches to the terminal, before or after the start; in and out. Read it always: an attachment that nobody reads blocks the game.
    /// </summary>
    /// <exception cref="ContainerMissingException">There is no such container.</exception>
    Task<IContainerAttachment> AttachAsync(string container, CancellationToken cancellationToken);

    /// <summary>Starts a created or exited container. Already running is not a fault.</summary>
    /// <exception cref="PortTakenException">A port is held by somebody else on the host.</exception>
    /// <exception cref="ContainerMissingException">There is no such container.</exception>
    Task StartAsync(string container, CancellationToken cancellationToken);

    /// <summary>Sends a signal ("SIGKILL", "SIGINT", "9"); false when nothing runs.</summary>
    Task<bool> KillAsync(string container, string signal, CancellationToken cancellationToken);

    /// <summary>The engine's own stop: the image's stop signal, then SIGKILL after the grace period. Returns when it has exited; false when nothing ran.</summary>
    Task<bool> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Waits until the process has exited; at once when it has. Null when the container is gone before that could be read.</summary>
    /// <exception cref="EngineException">It was never started: there is nothing to wait for.</exception>
    Task<ContainerExit?> WaitAsync(string container, CancellationToken cancellationToken);

    /// <summary>Removes it with its anonymous volumes; false when there was none. Unforced it refuses a running one.</summary>
    Task<bool> RemoveAsync(string container, bool force, CancellationToken cancellationToken);

    /// <summary>Gives a container another name, running or not; false when there is none. Having that name already is not a fault.</summary>
    /// <exception cref="NameTakenException">Another container has the name.</exception>
    Task<bool> RenameAsync(string container, string name, CancellationToken cancellationToken);

    /// <summary>Changes limits of a live container; false when there is none.</summary>
    Task<bool> UpdateAsync(string container, ContainerLimits limits, CancellationToken cancellationToken);

    /// <summary>The engine's own log as raw terminal bytes with the engine's times, oldest first; for joining after an absence only.</summary>
    /// <remarks>An entry of exactly the "since" time is included, so the caller can join by overlap.</remarks>
    /// <exception cref="ContainerMissingException">There is no such container.</exception>
    IAsyncEnumerable<LogEntry> ReadLogAsync(string container, LogQuery query, CancellationToken cancellationToken);

    /// <summary>All containers, running or not, that carry the label ("name" or "name=value").</summary>
    Task<IReadOnlyList<ContainerState>> ListAsync(string label, CancellationToken cancellationToken);

    /// <summary>Container events (create, start, die, oom, destroy, …) of containers with the label, from now on.</summary>
    /// <remarks>The first MoveNext returns only after the engine accepted the watch, with an event of kind <see cref="ContainerEventKind.Watching"/>.</remarks>
    IAsyncEnumerable<ContainerEvent> WatchEventsAsync(string label, CancellationToken cancellationToken);

    /// <summary>Raw usage counters about once a second while it runs: the fallback where cgroup files cannot be read.</summary>
    IAsyncEnumerable<UsageCounters> WatchUsageAsync(string container, CancellationToken cancellationToken);

    /// <summary>The image on the engine; null when it is not there.</summary>
    Task<ImageState?> InspectImageAsync(string image, CancellationToken cancellationToken);

    /// <summary>Names of the images on the engine, with their tags, in order; an image with several has each.</summary>
    Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>Every image on the engine, those without a name too, the largest first.</summary>
    Task<IReadOnlyList<StoredImage>> ListStoredImagesAsync(CancellationToken cancellationToken);

    /// <summary>Removes an image by name or id, and what only it had; false when there is none. Refused while a container, running or not, is made of it.</summary>
    Task<bool> RemoveImageAsync(string image, CancellationToken cancellationToken);

    /// <summary>Pulls an image; progress is called synchronously, in order.</summary>
    /// <exception cref="ImagePullException">The registry refused, has no such image, or does not answer.</exception>
    Task PullImageAsync(string image, RegistryCredentials? credentials, IProgress<PullProgress>? progress, CancellationToken cancellationToken);

    /// <summary>The network by name; null when there is none.</summary>
    Task<NetworkState?> InspectNetworkAsync(string network, CancellationToken cancellationToken);

    /// <summary>All networks that carry the label ("name" or "name=value").</summary>
    Task<IReadOnlyList<NetworkState>> ListNetworksAsync(string label, CancellationToken cancellationToken);

    /// <summary>Makes a network.</summary>
    /// <exception cref="SubnetTakenException">The subnet overlaps another network: pick the next.</exception>
    /// <exception cref="NameTakenException">A network of that name exists.</exception>
    Task CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken);

    /// <summary>Removes a network; false when there was none.</summary>
    /// <exception cref="NetworkInUseException">A container runs on it.</exception>
    Task<bool> RemoveNetworkAsync(string network, CancellationToken cancellationToken);
}

/// <summary>A live terminal of a container.</summary>
/// <remarks>Reading returns 0 when the process's terminal ended or the engine cut the line; only an inspect tells which.</remarks>
public interface IContainerAttachment : IAsyncDisposable
{
    /// <summary>Reads raw terminal bytes; 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes to the process's terminal.</summary>
    /// <exception cref="EngineUnreachableException">The line is cut, or nobody took the bytes in time.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
