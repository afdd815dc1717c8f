using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Servers;

/// <summary>Stop, deadline and kill. Each is repeated until the engine has taken it, or it is no longer wanted.</summary>
public sealed partial class PowerWorker
{
    private static readonly TimeSpan s_killEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lookForStartEvery = TimeSpan.FromMilliseconds(50);

    private void BeginStop()
    {
        var state = _state;
        _work.Run(() => SendStopAsync(state));
        WatchDeadline();
    }

    private async Task SendStopAsync(ServerState state)
    {
        string? told = null;
        while (IsStopping(state.Run) && !_stop.IsCancellationRequested)
        {
            try
            {
                await AskToStopAsync(state.Assignment.Spec.Stop).ConfigureAwait(false);
                // It may take minutes from here on, and the engine is not to blame for them.
                break;
            }
            catch (Exception e) when (e is EngineException or NotAttachedException or NotAcceptedException)
            {
                LogRetry(_logger, Id, "the stop", e.Message);
                SetActivity(told = RetryRule.Describe(e, "The stop is repeated until it does."), null);
                if (e is not EngineUnreachableException)
                    Look(wasUnattended: false);
                await Task.Delay(s_killEvery, _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        ClearActivity(told);
    }

    private async Task AskToStopAsync(StopRule rule)
    {
        switch (rule.Kind)
        {
            case StopKind.Command:
                await Console.SendAsync(rule.Value, _stop.Token).ConfigureAwait(false);
                break;
            case StopKind.Native:
                // Returns at the exit, which is long: the deadline and the exit are watched elsewhere.
                await _host.Engine.StopAsync(ContainerName, rule.Grace, _stop.Token).ConfigureAwait(false);
                break;
            default:
                StopSignal.TryParse(rule.Value, out var signal);
                await _host.Engine.KillAsync(ContainerName, signal, _stop.Token).ConfigureAwait(false);
                break;
        }

        Look(wasUnattended: false);
    }

    private void WatchDeadline()
    {
        var (run, deadline) = (_state.Run, _state.StopDeadline);
        if (deadline is null)
            return;
        _work.Run(async () =>
        {
            while (IsStopping(run) && !_stop.IsCancellationRequested && _host.Time.GetUtcNow() < deadline)
            {
                var left = deadline.Value - _host.Time.GetUtcNow();
                await Task.Delay(left < s_killEvery ? left : s_killEvery, _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Post(new PowerInput.DeadlineReached());
        });
    }

    private void BeginKill()
    {
        var run = _state.Run;
        _work.Run(() => KillAsync(run));
    }

    private async Task KillAsync(int run)
    {
        string? told = null;
        try
        {
            await KillUntilGoneAsync(run, text => SetActivity(told = text, null)).ConfigureAwait(false);
        }
        finally
        {
            ClearActivity(told);
        }
    }

    private async Task KillUntilGoneAsync(int run, Action<string> tell)
    {
        while (!_stop.IsCancellationRequested && State.Run == run)
        {
            try
            {
                // While the steps of the start are still being called off they may yet start the process.
                var isStartOver = _starting.IsCompleted;
                var container = await FindContainerAsync(_stop.Token).ConfigureAwait(false);
                if (container is { IsRunning: true } && IsKnownAsOurs(container))
                {
                    if (State.Run != run)
                        return;
                    await KillAsync(container.Id).ConfigureAwait(false);
                }
                else if (isStartOver)
                {
                    if (!await LookAsync(wasUnattended: false).ConfigureAwait(false))
                    {
                        await Task.Delay(s_killEvery, _host.Time, _stop.Token).ConfigureAwait(false);
                        continue;
                    }

                    if (State is { Power: PowerState.Stopping, HasProcess: false } state && state.Run == run)
                        Post(new PowerInput.StartEnded(run, null));
                    return;
                }
                else
                {
                    await Task.WhenAny(_starting, Task.Delay(s_lookForStartEvery, _host.Time, _stop.Token)).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (EngineException e)
            {
                LogRetry(_logger, Id, "the kill", e.Message);
                tell(RetryRule.Describe(e, "The kill is repeated until it does."));
                await Task.Delay(s_killEvery, _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // By its id, never by its name: the container of the next run has the same name.
    private async Task KillAsync(ContainerId container)
    {
        if (!await _host.Engine.KillAsync(container.Value, "SIGKILL", _stop.Token).ConfigureAwait(false))
            return;
        using var enough = new CancellationTokenSource(s_killEvery, _host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, _stop.Token);
        try
        {
            await _host.Engine.WaitAsync(container.Value, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // A process that the kernel cannot end yet; it is killed again.
        }
    }

    // A stranger's container is left alone, whatever its name is.
    private bool IsKnownAsOurs(ContainerState container) => container.IsOf(Id, _host.Cluster.Known);

    private Task<ContainerState?> FindContainerAsync(CancellationToken cancellationToken) => _host.Engine.FindAsync(Id, _host.Cluster.Known, cancellationToken);

    private bool IsStopping(int run) => State is { Power: PowerState.Stopping } state && state.Run == run && state is { IsKilling: false };
}
