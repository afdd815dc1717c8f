using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>New limits for a process that runs: the seed's in-situ update.</summary>
public sealed partial class PowerWorker
{
    // The seed's.
    private static readonly TimeSpan s_limitsTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _limitsOnce = new(1);

    private void BeginUpdateLimits() => _work.Run(UpdateLimitsAsync);

    // What is wanted by the time it is its turn counts: of ten edits in a row the last one is set.
    private async Task UpdateLimitsAsync()
    {
        await _limitsOnce.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            for (var state = State; PowerStateMachine.AreLimitsBehind(state); state = State)
            {
                try
                {
                    if (await SetLimitsAsync(state).ConfigureAwait(false) is { } done)
                        Post(done);
                    return;
                }
                catch (EngineUnreachableException e)
                {
                    LogRetry(_logger, Id, "the change of limits", e.Message);
                    await Task.Delay(TimeSpan.FromMilliseconds(200), _host.Time, _stop.Token).ConfigureAwait(false);
                    await _host.Watch.WaitUntilReachableAsync(_stop.Token).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _limitsOnce.Release();
        }
    }

    // Null when there is no container of this run: no error, its end is being told.
    private async Task<PowerInput.LimitsUpdated?> SetLimitsAsync(ServerState state)
    {
        using var timeout = new CancellationTokenSource(s_limitsTimeout, _host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        var inForce = state.AppliedLimits!;
        try
        {
            var container = await FindContainerAsync(both.Token).ConfigureAwait(false);
            if (container is null || !IsKnownAsOurs(container) || !IsThisRun(container, state))
                return null;
            var wanted = LimitChange.Reachable(inForce, state.Assignment.Spec.Limits);
            try
            {
                return await SendLimitsAsync(container.Id.Value, inForce, wanted, both.Token).ConfigureAwait(false)
                    ? new PowerInput.LimitsUpdated(state.Run, wanted, null)
                    : null;
            }
            catch (EngineException e) when (e is not EngineUnreachableException)
            {
                return await SetOneByOneAsync(state, container.Id.Value, wanted, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            return new PowerInput.LimitsUpdated(
                state.Run, inForce, $"The Docker engine did not say within {s_limitsTimeout.TotalSeconds:0} seconds whether it set the new limits.");
        }
    }

    // One limit that cannot be, as less memory than the game has in use, keeps no other from being set; and is named.
    private async Task<PowerInput.LimitsUpdated?> SetOneByOneAsync(ServerState state, string container, ServerLimits wanted, CancellationToken cancellationToken)
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
                refused.Add($"{name} ({e.Message.TrimEnd('.', '\n', ' ')})");
            }
        }

        return new PowerInput.LimitsUpdated(state.Run, reached, refused.Count == 0 ? null : $"The Docker engine refused the new {string.Join("; ", refused)}.");
    }

    private async Task<bool> SendLimitsAsync(string container, ServerLimits inForce, ServerLimits wanted, CancellationToken cancellationToken)
    {
        var limits = ServerContainer.BuildLimits(wanted);
        return limits == ServerContainer.BuildLimits(inForce) || await _host.Engine.UpdateAsync(container, limits, cancellationToken).ConfigureAwait(false);
    }
}
