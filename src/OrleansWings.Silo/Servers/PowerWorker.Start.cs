using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>The steps of a start: image, network, folder, container anew, attach, start — in this order, as the seed's.</summary>
public sealed partial class PowerWorker
{
    private CancellationTokenSource _startStop = new();
    private volatile Task _starting = Task.CompletedTask;
    private int? _begunRun;

    private string ContainerName => Id.ToString();

    private void BeginStart()
    {
        // A run is begun once, however often it is asked for.
        var state = _state;
        if (_begunRun == state.Run || _stop.IsCancellationRequested)
            return;
        _begunRun = state.Run;
        var (before, stop) = (_starting, new CancellationTokenSource());
        _startStop = stop;
        _starting = Task.Run(async () =>
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StartAsync(state, stop.Token).ConfigureAwait(false);
        });
    }

    private void CancelStart() => _startStop.Cancel();

    private async Task StartAsync(ServerState state, CancellationToken cancellationToken)
    {
        var attempt = new StartAttempt();
        try
        {
            while (true)
            {
                try
                {
                    await RunStepsAsync(state, attempt, cancellationToken).ConfigureAwait(false);
                    return;
                }
                catch (NameTakenException e) when (!attempt.HasFoundTheNameTaken)
                {
                    // A create that was called off or cut may still have been done: what is there is looked at again.
                    LogRetry(_logger, Id, "the start", e.Message);
                    attempt.HasFoundTheNameTaken = true;
                }
                catch (EngineUnreachableException e)
                {
                    await BeforeNextTryAsync(attempt, e, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The program ends; the ledger knows that the start is to go on.
        }
        catch (OperationCanceledException)
        {
            await EndStartAsync(state, attempt, null).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogStartEnded(_logger, Id, state.Run, e.Message);
            await EndStartAsync(state, attempt, StartFault.Describe(e)).ConfigureAwait(false);
        }
        finally
        {
            ClearActivity(attempt.Told);
        }
    }

    // While the engine is away it is waited for, however long. One that answers to all but this is given up: else the server would be starting for ever.
    private async Task BeforeNextTryAsync(StartAttempt attempt, EngineUnreachableException failure, CancellationToken cancellationToken)
    {
        LogRetry(_logger, Id, "the start", failure.Message);
        SetActivity(attempt.Told = RetryRule.Describe(failure, "The start goes on when it does."), null);
        attempt.OnFailed(_host.Time);
        await Task.Delay(RetryRule.Pause(attempt.Failures), _host.Time, cancellationToken).ConfigureAwait(false);
        if (!_host.Watch.IsReachable)
        {
            await _host.Watch.WaitUntilReachableAsync(cancellationToken).ConfigureAwait(false);
            attempt.Failures = 0;
        }
        else if (RetryRule.IsOver(attempt.Failures, _host.Time.GetElapsedTime(attempt.FailingSince), _host.Options.StartPatience))
        {
            throw new EngineException($"The Docker engine is there, but does not answer to what this start needs. {RetryRule.Sentence(failure.Message)}", failure);
        }
    }

    private void OnStartWaits(int ahead)
        => SetActivity(ahead == 0 ? "Waiting for its turn to start." : $"Waiting for its turn to start: {ahead} {(ahead == 1 ? "server is" : "servers are")} ahead.", null);

    // "It did not start" is said only when the engine says so: once asked, it may have started it all the same.
    private async Task EndStartAsync(ServerState state, StartAttempt attempt, string? problem)
    {
        try
        {
            while (attempt.IsStartSent)
            {
                try
                {
                    var container = await _host.Engine.InspectAsync(ContainerName, _stop.Token).ConfigureAwait(false);
                    if (container is not { IsRunning: true } || !IsThisRun(container, state))
                        break;
                    Post(new PowerInput.Started(state.Run, container.StartedAt ?? _host.Time.GetUtcNow()) { Engine = _host.Watch.Facts?.Id });
                    Look(wasUnattended: false);
                    return;
                }
                catch (EngineException e)
                {
                    LogRetry(_logger, Id, "looking at what was started", e.Message);
                    SetActivity(attempt.Told = RetryRule.Describe(e, "Whether the server was started is known when it does."), null);
                    await Task.Delay(TimeSpan.FromMilliseconds(200), _host.Time, _stop.Token).ConfigureAwait(false);
                    await _host.Watch.WaitUntilReachableAsync(_stop.Token).ConfigureAwait(false);
                }
            }

            Post(new PowerInput.StartEnded(state.Run, problem));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The program ends; the ledger knows that the start is to go on.
        }
    }

    private async Task RunStepsAsync(ServerState state, StartAttempt attempt, CancellationToken cancellationToken)
    {
        using var span = ServerInstruments.Source.StartActivity("start");
        span?.SetTag("server", ContainerName).SetTag("run", state.Run);
        var spec = state.Assignment.Spec;
        attempt.Step = StartStep.Find;
        var old = await FindContainerAsync(cancellationToken).ConfigureAwait(false);
        if (old is not null)
        {
            if (!await IsOursAsync(old, cancellationToken).ConfigureAwait(false))
                throw new EngineException($"A container named {ContainerName} exists on this host and belongs to somebody else. Remove or rename it.");
            if (old.IsRunning && RunOf(old) > state.Run)
            {
                // The ledger is an older copy: what runs is the server, and is not ended for a start.
                await TakeLaterRunAsync(old).ConfigureAwait(false);
                Look(wasUnattended: false);
                return;
            }

            if (old.IsRunning && IsThisRun(old, state))
            {
                await Console.RejoinAsync(ContainerName, state.Run, cancellationToken).ConfigureAwait(false);
                Post(new PowerInput.Started(state.Run, old.StartedAt ?? _host.Time.GetUtcNow()) { Engine = _host.Watch.Facts?.Id });
                return;
            }
        }

        ThrowIfStarted(state.Run, attempt);
        RestoreFolder();
        await EnsureFolderAsync(cancellationToken).ConfigureAwait(false);
        // Once: a try after an engine that was away finds the files as they were.
        if (!attempt.IsDiskChecked)
            await CheckDiskAsync(spec.Limits.DiskMiB, cancellationToken).ConfigureAwait(false);
        attempt.IsDiskChecked = true;
        // Here so that nobody waits for a pull in vain; below for what is mounted, as a pull takes minutes.
        MountGuard.Resolve(spec.Mounts, _host.Options.AllowedMounts, _writtenFolders());
        attempt.Step = StartStep.Image;
        await EnsureImageAsync(spec.Image, state.Run, attempt, cancellationToken).ConfigureAwait(false);
        // After the pull, which takes minutes and is shared: who waits for a registry keeps nobody from starting.
        using var turn = await _host.Starts.EnterAsync(spec.StartPriority, OnStartWaits, cancellationToken).ConfigureAwait(false);
        attempt.Step = StartStep.Network;
        var network = await _host.Network.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var ip = OutgoingNetworks.AddressOf(spec);
        if (ip is not null && network is null)
            throw new EngineException($"This host runs its servers in the network mode {_host.Options.Network}: they cannot send from an address of their own, as {ip}.");
        using var outgoing = ip is not null ? await _host.Outgoing.EnsureAsync(ip, cancellationToken).ConfigureAwait(false) : null;
        network = outgoing?.Network ?? network;
        var cluster = await _host.Cluster.GetAsync(cancellationToken).ConfigureAwait(false);
        var mounts = MountGuard.Resolve(spec.Mounts, _host.Options.AllowedMounts, _writtenFolders());
        var container = ServerContainer.Build(
            state.Assignment, state.Run, cluster, _host.Paths.Volume(Id), mounts, network, _host.Options);
        container = container with { Mounts = [.. container.Mounts, .. IdentityFiles.Ensure(state.Assignment, _host.Paths, _host.Options)] };

        SetActivity("Making the container.", null);
        // By its id: whatever has the name by now, after a pull of minutes, was not looked at.
        ThrowIfStarted(state.Run, attempt);
        attempt.Step = StartStep.Remove;
        if (old is not null)
            await _host.RemoveContainerAsync(old, force: old.IsRunning, cancellationToken).ConfigureAwait(false);
        attempt.Step = StartStep.Create;
        await _host.Engine.CreateAsync(container, cancellationToken).ConfigureAwait(false);
        attempt.Step = StartStep.Start;
        await AttachAndStartAsync(state.Run, attempt, cancellationToken).ConfigureAwait(false);
    }

    private async Task EnsureFolderAsync(CancellationToken cancellationToken)
    {
        var owner = _host.Options.OnMachine(_host.Watch.Facts);
        if (!await VolumeFolder.EnsureAsync(_host.Paths.Volume(Id), owner, () => SetActivity("Giving the server's files to the user of its game.", null), cancellationToken).ConfigureAwait(false))
            Console.WriteWings($"Some of the server's files could not be given to the user of its game ({owner}): it may not be able to write them.");
    }

    // An answer that never came may be of a start that was done: the game has said that it is up, and was perhaps stopped or deleted since. It is not begun twice.
    private void ThrowIfStarted(int run, StartAttempt attempt)
    {
        if (attempt.SentTo is { } engine && _host.Watch.Facts is { } present && present.Id != engine)
            throw new EngineException(PowerStateMachine.OtherEngine);
        if (attempt.IsStartSent && (State.Run != run || State.Power != PowerState.Starting))
            throw new OperationCanceledException("It has been started.");
    }

    // Attach first: what the process says at once would be lost, and the terminal may block it.
    private async Task AttachAndStartAsync(int run, StartAttempt attempt, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_host.Options.StartTimeout, _host.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await Console.AttachAsync(ContainerName, both.Token).ConfigureAwait(false);
            SetActivity(null, null);
            cancellationToken.ThrowIfCancellationRequested();

            // Never called off half-way: nobody would know whether it runs. What was asked for meanwhile is done to the process.
            (attempt.IsStartSent, attempt.SentTo) = (true, _host.Watch.Facts?.Id);
            await _host.Engine.StartAsync(ContainerName, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await Console.DetachAsync().ConfigureAwait(false);
            throw new EngineException($"Attaching and starting took longer than {_host.Options.StartTimeout.TotalSeconds:0} seconds.");
        }
        catch
        {
            await Console.DetachAsync().ConfigureAwait(false);
            throw;
        }

        Post(new PowerInput.Started(run, _host.Time.GetUtcNow()) { Engine = _host.Watch.Facts?.Id });
        if (!Console.IsAttached)
            OnDetached();
    }

    // A history that cannot be written keeps no server from starting. In line at once, so that it keeps its place.
    private void KeepEvent(ServerEvent happened)
    {
        var kept = _host.Ledger.AppendAsync(Id, happened);
        _work.Run(() => kept);
    }

    private async Task<bool> IsOursAsync(ContainerState container, CancellationToken cancellationToken)
        => container.Labels.GetValueOrDefault(ContainerLabels.Cluster)
            == (await _host.Cluster.GetAsync(cancellationToken).ConfigureAwait(false)).ToString("D");
}
