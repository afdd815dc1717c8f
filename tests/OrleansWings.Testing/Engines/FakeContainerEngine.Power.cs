using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

public sealed partial class FakeContainerEngine
{
    private readonly Dictionary<int, List<(string Ip, FakeContainer? Holder)>> _ports = [];

    /// <summary>Holds a port of the host as a program that is no container would.</summary>
    public void TakePort(string ip, int port)
    {
        lock (_lock)
            Holders(port).Add((ip, null));
    }

    public void FreePort(string ip, int port)
    {
        lock (_lock)
            Holders(port).RemoveAll(holder => holder.Holder is null && holder.Ip == ip);
    }

    public async Task StartAsync(string container, CancellationToken cancellationToken)
    {
        await EnterAsync("start", container, _timeouts.Change, cancellationToken);
        var found = Find(container) ?? throw new ContainerMissingException(container);
        FakeProgram program;
        lock (_lock)
        {
            if (found.IsRunning)
                return;

            if (!_networks.ContainsKey(found.Spec.NetworkMode))
                throw FailStart(found, new EngineException($"network {found.Spec.NetworkMode} not found"));

            ReservePorts(found);
            program = _images.GetValueOrDefault(Tagged(found.Spec.Image))?.Program ?? Program;
            found.Start(program, 1000 + Interlocked.Increment(ref _nextId));
            Publish(ContainerEventKind.Started, found); // under the lock: its end, if it comes at once, is told after it
        }
    }

    /// <summary>Somebody pauses it on the engine, or lets it go on.</summary>
    public void SetPaused(string container, bool isPaused)
    {
        var found = Find(container)!;
        found.IsPaused = isPaused;
        Publish(ContainerEventKind.Paused, found);
    }

    public async Task<bool> KillAsync(string container, string signal, CancellationToken cancellationToken)
    {
        await EnterAsync("kill", $"{container} {signal}", _timeouts.Call, cancellationToken);
        return Find(container)?.Signal(FullName(signal)) ?? false;
    }

    public async Task<bool> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken)
    {
        await EnterAsync("stop", container, _timeouts.Change, cancellationToken);
        if (Find(container) is not { } found || !found.Signal("SIGTERM"))
            return false;

        await StayAsync(async token =>
        {
            await Task.WhenAny(found.Exited, Task.Delay(grace, _time, token));
            token.ThrowIfCancellationRequested();
            found.Signal("SIGKILL");
            return await found.Exited.WaitAsync(token);
        }, cancellationToken);
        return true;
    }

    public async Task<ContainerExit?> WaitAsync(string container, CancellationToken cancellationToken)
    {
        await EnterAsync("wait", container, _timeouts.Call, cancellationToken);
        if (Find(container) is not { } found)
            return null;

        if (found.StartedAt is null && found.Exit is null)
            throw new EngineException($"The container {container} was never started.");

        await StayAsync(token => found.Exited.WaitAsync(token), cancellationToken);
        return Find(found.Id.Value)?.Exit;
    }

    internal void OnExited(FakeContainer container)
    {
        lock (_lock)
        {
            foreach (var port in container.Spec.Ports)
                Holders(port.Port).RemoveAll(holder => holder.Holder == container);
        }

        if (container.IsOutOfMemory)
            Publish(ContainerEventKind.OutOfMemory, container);
        Publish(ContainerEventKind.Died, container);
    }

    private void ReservePorts(FakeContainer container)
    {
        foreach (var port in container.Spec.Ports)
        {
            if (Holders(port.Port).Any(holder => holder.Ip == port.Ip || holder.Ip == "0.0.0.0" || port.Ip == "0.0.0.0"))
                throw FailStart(container, new PortTakenException($"{port.Ip}:{port.Port}", $"{port.Ip}:{port.Port} is in use on this host."));
        }

        foreach (var port in container.Spec.Ports)
            Holders(port.Port).Add((port.Ip, container));
    }

    private EngineException FailStart(FakeContainer container, EngineException failure)
    {
        container.Exit = new ContainerExit(128, false, _time.GetUtcNow(), failure.Message);
        return failure;
    }

    private List<(string Ip, FakeContainer? Holder)> Holders(int port)
    {
        if (!_ports.TryGetValue(port, out var holders))
            _ports[port] = holders = [];
        return holders;
    }

    private static string FullName(string signal) => signal switch
    {
        "9" => "SIGKILL",
        "15" => "SIGTERM",
        "2" => "SIGINT",
        _ when signal.StartsWith("SIG", StringComparison.Ordinal) => signal,
        _ => "SIG" + signal,
    };
}
