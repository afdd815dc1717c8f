using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Servers;

/// <summary>Stop, deadline and kill. Each is repeated until the engine has taken it, or it is no longer wanted.</summary>
public sealed partial class PowerWorker
{
    private static readonly TimeSpan s_killEvery = TimeSpan.FromSeconds(1);

    private void BeginStop()
    {
        var state = _state;
        _work.Run(() => SendStopAsync(state));
        WatchDeadline();
    }

    private async Task SendStopAsync(ServerState state)
    {
        while (IsStopping(state.Run) && !_stop.IsCancellationRequested)
        {
            try
            {
                await AskToStopAsync(state.Assignment.Spec.Stop).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is EngineException or NotAttachedException or NotAcceptedException)
            {
                LogRetry(_logger, Id, "the stop", e.Message);
                if (e is EngineUnreachableException)
                    SetActivity("The Docker engine does not answer. The stop is repeated until it does.", null);
                await Task.Delay(s_killEvery, _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
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
        var state = _state;
        _work.Run(() => KillAsync(state));
    }

    private async Task KillAsync(ServerState state)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // While the steps of the start are still being called off they may yet start the process.
                var isStartOver = _starting.IsCompleted;
                await _host.Engine.KillAsync(ContainerName, "SIGKILL", _stop.Token).ConfigureAwait(false);
                var container = await _host.Engine.InspectAsync(ContainerName, _stop.Token).ConfigureAwait(false);
                if (container is not { IsRunning: true } && isStartOver)
                {
                    await LookAsync(wasUnattended: false).ConfigureAwait(false);
                    if (State.Run == state.Run && State.Power == PowerState.Stopping)
                        Post(new PowerInput.Exited(state.Run, container?.Exit, WasUnattended: false));
                    return;
                }

                await Task.WhenAny(_starting, Task.Delay(TimeSpan.FromMilliseconds(50), _host.Time, _stop.Token)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (EngineException e)
            {
                LogRetry(_logger, Id, "the kill", e.Message);
                SetActivity("The Docker engine does not answer. The kill is repeated until it does.", null);
                await Task.Delay(s_killEvery, _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (State.Run != state.Run)
                return;
        }
    }

    private bool IsStopping(int run) => State is { Power: PowerState.Stopping } state && state.Run == run && state is { IsKilling: false };
}
