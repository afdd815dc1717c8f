using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>New limits for a process that runs: the seed's in-situ update.</summary>
public sealed partial class PowerWorker
{
    // The seed's.
    private static readonly TimeSpan s_limitsTimeout = TimeSpan.FromSeconds(10);

    private const long MiB = 1024 * 1024;

    private readonly SemaphoreSlim _limitsOnce = new(1);

    // What was refused may be wished no longer; and what the engine or the kernel lacks is not in force, whatever the engine took. Nobody misses what is as everybody's.
    private string? DescribeLimitProblem(ServerState state)
    {
        var refused = PowerStateMachine.AreLimitsBehind(state) ? state.LimitProblem : null;
        if (!state.HasProcess)
            return refused;
        var limits = state.Assignment.Spec.Limits;
        var lacking = _host.Watch.Facts is { } engine ? string.Join(", ", LimitChange.NotInForce(limits, engine)) : "";
        string?[] said =
        [
            lacking.Length > 0 ? $"This host's Docker engine cannot put in force: {lacking}." : null,
            limits.IoWeight is not (0 or ServerLimits.DefaultIoWeight) && _host.Watch.HasNoIoWeight ? "The I/O weight is not in force: this host's kernel has none." : null,
            refused,
        ];
        return said.OfType<string>().ToArray() is { Length: > 0 } all ? string.Join(' ', all) : null;
    }

    private void BeginUpdateLimits() => _work.Run(UpdateLimitsAsync);

    /// <summary>Whether the running container has the limits that were set; sets them again unless it is only looked.</summary>
    internal async Task<HostFinding?> CheckLimitsAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        await _limitsOnce.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var state = State;
            if (state is not { HasProcess: true, AppliedLimits: { } applied } || PowerStateMachine.AreLimitsBehind(state))
                return null;
            var container = await _host.Engine.InspectAsync(ContainerName, cancellationToken).ConfigureAwait(false);
            if (container is not { IsRunning: true, Limits: { } found } || !IsKnownAsOurs(container) || !IsThisRun(container, state) || State != state)
                return null;
            var names = Reconciliation.Differing(ServerContainer.BuildLimits(applied), found, _host.Watch.Facts);
            if (names.IsEmpty)
                return null;
            var what = string.Join(", ", names);
            var finding = new HostFinding { Kind = HostFindingKind.ChangedLimits, Server = Id, Text = $"Container {ContainerName} has other limits than were set ({what}): somebody changed them outside of OrleansWings." };
            return isDryRun ? finding : finding with { Outcome = await SetAgainAsync(container, applied, what, cancellationToken).ConfigureAwait(false) };
        }
        finally
        {
            _limitsOnce.Release();
        }
    }

    private async Task<string> SetAgainAsync(ContainerState container, ServerLimits applied, string what, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(s_limitsTimeout, _host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        var cancellationToken = both.Token;
        try
        {
            var (found, wanted) = (container.Limits!, ServerContainer.BuildLimits(applied));
            // Somebody gave it more by hand, and the game has taken it.
            if (await WhyNotMemoryAsync(container.Id.Value, found.MemoryBytes / MiB, applied.MemoryMiB, cancellationToken).ConfigureAwait(false) is { } tooLittle)
            {
                await _host.Engine.UpdateAsync(
                    container.Id.Value,
                    wanted with { MemoryBytes = found.MemoryBytes, MemoryReservationBytes = found.MemoryReservationBytes, MemorySwapBytes = found.MemorySwapBytes },
                    cancellationToken).ConfigureAwait(false);
                return $"The memory is left as it is. {tooLittle}";
            }

            if (!await _host.Engine.UpdateAsync(container.Id.Value, wanted, cancellationToken).ConfigureAwait(false))
                return "The container is gone.";
            var now = await _host.Engine.InspectAsync(container.Id.Value, cancellationToken).ConfigureAwait(false);
            if (now?.Limits is { } left && Reconciliation.Differing(wanted, left, _host.Watch.Facts) is { IsEmpty: false } rest)
                return $"What cannot be taken away from a running container goes at its next start: {string.Join(", ", rest)}.";
            KeepEvent(new ServerEvent { At = _host.Time.GetUtcNow(), Kind = ServerEventKind.Notice, Run = State.Run, Text = $"The limits had been changed outside of OrleansWings ({what}) and were set again." });
            return "They were set again.";
        }
        catch (EngineException e) when (e is not EngineUnreachableException)
        {
            return $"They could not be set again: {e.Message}";
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return $"They could not be set again: the Docker engine did not answer within {s_limitsTimeout.TotalSeconds:0} seconds.";
        }
    }

    // What is wanted by the time it is its turn counts: of ten edits in a row the last one is set.
    private async Task UpdateLimitsAsync()
    {
        await _limitsOnce.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            while (PowerStateMachine.AreLimitsBehind(State))
            {
                using var timeout = new CancellationTokenSource(s_limitsTimeout, _host.Time);
                if (await SetLimitsInTimeAsync(timeout).ConfigureAwait(false))
                    return;
                // Away: the time counts from its return.
                await _host.Watch.WaitUntilReachableAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            _limitsOnce.Release();
        }
    }

    // False when the engine is away. One that is there and does not answer to this alone is asked again until the time is over.
    private async Task<bool> SetLimitsInTimeAsync(CancellationTokenSource timeout)
    {
        for (var state = State; PowerStateMachine.AreLimitsBehind(state); state = State)
        {
            try
            {
                if (await SetLimitsAsync(state, timeout).ConfigureAwait(false) is { } done)
                    Post(done);
                return true;
            }
            catch (EngineUnreachableException e)
            {
                LogRetry(_logger, Id, "the change of limits", e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(200), _host.Time, _stop.Token).ConfigureAwait(false);
                if (!_host.Watch.IsReachable)
                    return false;
            }
            catch (EngineException e)
            {
                Post(new PowerInput.LimitsUpdated(state.Run, state.AppliedLimits!, $"The new limits could not be set: {RetryRule.Sentence(e.Message)}"));
                return true;
            }
        }

        return true;
    }

    // Null when there is no container of this run: no error, its end is being told.
    private async Task<PowerInput.LimitsUpdated?> SetLimitsAsync(ServerState state, CancellationTokenSource timeout)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        var inForce = state.AppliedLimits!;
        try
        {
            var container = await FindContainerAsync(both.Token).ConfigureAwait(false);
            if (container is null || !IsKnownAsOurs(container) || !IsThisRun(container, state))
                return null;
            var wanted = LimitChange.Reachable(inForce, state.Assignment.Spec.Limits);
            var tooLittle = await WhyNotMemoryAsync(container.Id.Value, inForce.MemoryMiB, wanted.MemoryMiB, both.Token).ConfigureAwait(false);
            if (tooLittle is not null)
                wanted = wanted with { MemoryMiB = inForce.MemoryMiB, SwapMiB = inForce.SwapMiB };
            try
            {
                return await SendLimitsAsync(container.Id.Value, inForce, wanted, both.Token).ConfigureAwait(false)
                    ? new PowerInput.LimitsUpdated(state.Run, wanted, tooLittle)
                    : null;
            }
            catch (EngineException e) when (e is not EngineUnreachableException)
            {
                return await SetOneByOneAsync(state, container.Id.Value, wanted, tooLittle, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            return new PowerInput.LimitsUpdated(
                state.Run, inForce, $"The Docker engine did not say within {s_limitsTimeout.TotalSeconds:0} seconds whether it set the new limits.");
        }
    }

    // Asked only where the engine would not refuse it, and only for less: it takes a second.
    private async Task<string?> WhyNotMemoryAsync(string container, long inForceMiB, long wantedMiB, CancellationToken cancellationToken)
    {
        if (_host.Watch.Facts?.CgroupVersion != "2" || LimitChange.WhyNotMemory(inForceMiB, wantedMiB, long.MaxValue) is null)
            return null;
        await foreach (var used in _host.Engine.WatchUsageAsync(container, cancellationToken).ConfigureAwait(false))
            return LimitChange.WhyNotMemory(inForceMiB, wantedMiB, used.MemoryBytes);
        return null;
    }

    // One limit that cannot be, as less memory than the game has in use, keeps no other from being set; and is named.
    private async Task<PowerInput.LimitsUpdated?> SetOneByOneAsync(ServerState state, string container, ServerLimits wanted, string? tooLittle, CancellationToken cancellationToken)
    {
        var reached = state.AppliedLimits!;
        List<string> refused = [];
        foreach (var (name, take) in LimitChange.Parts)
        {
            var next = take(reached, wanted);
            if (next == reached)
                continue;
            try
            {
                if (!await SendLimitsAsync(container, reached, next, cancellationToken).ConfigureAwait(false))
                    return null;
                reached = next;
            }
            catch (EngineException e) when (e is not EngineUnreachableException)
            {
                refused.Add($"{name} ({RetryRule.InOneLine(e.Message).TrimEnd('.')})");
            }
        }

        var problem = refused.Count == 0 ? tooLittle : $"{tooLittle} The Docker engine refused the new {string.Join("; ", refused)}.".TrimStart();
        return new PowerInput.LimitsUpdated(state.Run, reached, problem);
    }

    private async Task<bool> SendLimitsAsync(string container, ServerLimits inForce, ServerLimits wanted, CancellationToken cancellationToken)
    {
        var limits = ServerContainer.BuildLimits(wanted);
        return limits == ServerContainer.BuildLimits(inForce) || await _host.Engine.UpdateAsync(container, limits, cancellationToken).ConfigureAwait(false);
    }
}
