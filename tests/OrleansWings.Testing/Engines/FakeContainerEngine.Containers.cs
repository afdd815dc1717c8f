using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

public sealed partial class FakeContainerEngine
{
    private readonly Dictionary<string, FakeContainer> _byName = [];
    private readonly Dictionary<string, FakeContainer> _byId = [];

    public async Task<ContainerId> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        await EnterAsync("create", spec.Name, _timeouts.Change, cancellationToken);
        FakeContainer container;
        lock (_lock)
        {
            if (!_images.ContainsKey(Tagged(spec.Image)))
                throw new ImageMissingException(spec.Image);

            if (_byName.ContainsKey(spec.Name))
                throw new NameTakenException(spec.Name);

            container = new FakeContainer(this, _time, new ContainerId(NewId()), spec);
            _byName[spec.Name] = container;
            _byId[container.Id.Value] = container;
        }

        WarnOfIoWeight(spec.Limits);
        Publish(ContainerEventKind.Created, container);
        return container.Id;
    }

    public async Task<ContainerState?> InspectAsync(string container, CancellationToken cancellationToken)
    {
        await EnterAsync("inspect", container, _timeouts.Call, cancellationToken);
        return Find(container) is { } found ? ToState(found) : null;
    }

    public async Task<IReadOnlyList<ContainerState>> ListAsync(string label, CancellationToken cancellationToken)
    {
        await EnterAsync("list", label, _timeouts.Call, cancellationToken);
        return [.. Containers.Where(container => Matches(container, label)).Select(ToListed)];
    }

    public async Task<bool> RemoveAsync(string container, bool force, CancellationToken cancellationToken)
    {
        await EnterAsync("remove", container, _timeouts.Change, cancellationToken);
        if (Find(container) is not { } found)
            return false;

        if (found.IsRunning)
        {
            if (!force)
                throw new EngineException($"You cannot remove a running container {container}. Stop the container before attempting removal or force remove");

            found.Signal("SIGKILL");
            await found.Exited;
        }

        lock (_lock)
        {
            if (!_byId.Remove(found.Id.Value))
                return false;

            _byName.Remove(found.Spec.Name);
        }

        found.CutAttachments();
        Publish(ContainerEventKind.Removed, found);
        return true;
    }

    public async Task<bool> RenameAsync(string container, string name, CancellationToken cancellationToken)
    {
        await EnterAsync("rename", container, _timeouts.Call, cancellationToken);
        if (Find(container) is not { } found)
            return false;

        lock (_lock)
        {
            if (found.Spec.Name == name)
                return true;
            if (_byName.ContainsKey(name))
                throw new NameTakenException(name);
            _byName.Remove(found.Spec.Name);
            found.Spec = found.Spec with { Name = name };
            _byName[name] = found;
        }

        Publish(ContainerEventKind.Renamed, found);
        return true;
    }

    public async Task<bool> UpdateAsync(string container, ContainerLimits limits, CancellationToken cancellationToken)
    {
        await EnterAsync("update", container, _timeouts.Call, cancellationToken);
        if (Find(container) is not { } found)
            return false;

        WarnOfIoWeight(limits);
        var old = found.Spec.Limits;
        found.Spec = found.Spec with
        {
            Limits = limits with
            {
                MemoryBytes = limits.MemoryBytes == 0 ? old.MemoryBytes : limits.MemoryBytes,
                MemoryReservationBytes = limits.MemoryReservationBytes == 0 ? old.MemoryReservationBytes : limits.MemoryReservationBytes,
                MemorySwapBytes = limits.MemorySwapBytes == 0 ? old.MemorySwapBytes : limits.MemorySwapBytes,
                CpuSet = limits.CpuSet.Length == 0 ? old.CpuSet : limits.CpuSet,
                IoWeight = limits.IoWeight == 0 ? old.IoWeight : limits.IoWeight,
            },
        };
        return true;
    }

    private void WarnOfIoWeight(ContainerLimits limits)
    {
        if (IsWithoutIoWeight && limits.IoWeight > 0)
            Warned?.Invoke(new EngineWarning("Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded."));
    }

    private static bool Matches(FakeContainer container, string label)
        => label.Split('=', 2) is [var name, var value] ? container.Spec.Labels.TryGetValue(name, out var held) && held == value : container.Spec.Labels.ContainsKey(label);

    private static ContainerState ToState(FakeContainer container) => ToListed(container) with
    {
        ProcessId = container.ProcessId,
        StartedAt = container.StartedAt,
        Exit = container.Exit,
        Limits = container.Spec.Limits,
        Making = new ContainerMaking
        {
            Environment = container.Spec.Environment,
            Command = container.Spec.Command,
            Ports = container.Spec.Ports,
            Mounts = container.Spec.Mounts,
        },
    };

    private static ContainerState ToListed(FakeContainer container) => new()
    {
        Id = container.Id,
        Name = container.Spec.Name,
        Image = container.Spec.Image,
        Labels = container.Spec.Labels,
        IsRunning = container.IsRunning,
        IsPaused = container.IsRunning && container.IsPaused,
        IsCreated = container.StartedAt is null,
        NetworkMode = container.Spec.NetworkMode,
        Addresses = container.IsRunning ? new Dictionary<string, string> { [container.Spec.NetworkMode] = "172.17.0.2" } : [],
    };
}
