using System.Net;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    public async Task StartAsync(string container, CancellationToken cancellationToken)
    {
        var client = Client;
        try
        {
            await _calls.RunAsync(_timeouts.Change, token => client.Containers.StartContainerAsync(container, null, token), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsMissingContainer(answer))
        {
            throw new ContainerMissingException(container);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.AsTakenPort(answer) is { } taken)
        {
            throw taken;
        }
    }

    public async Task<bool> KillAsync(string container, string signal, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new ContainerKillParameters { Signal = signal };
        try
        {
            await _calls.RunAsync(_timeouts.Call, token => client.Containers.KillContainerAsync(container, parameters, token), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsNotRunning(answer))
        {
            return false;
        }
    }

    public async Task<bool> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken)
    {
        // Less than a second cannot be asked for: the client leaves a zero out, and the engine then takes ten seconds.
        var client = Client;
        var seconds = (uint)Math.Max(1, Math.Ceiling(grace.TotalSeconds));
        var parameters = new ContainerStopParameters { WaitBeforeKillSeconds = seconds };
        var limit = TimeSpan.FromSeconds(seconds) + _timeouts.Change;
        try
        {
            return await _calls.RunAsync(limit, token => client.Containers.StopContainerAsync(container, parameters, token), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsNotRunning(answer))
        {
            return false;
        }
    }

    public async Task<ContainerExit?> WaitAsync(string container, CancellationToken cancellationToken)
    {
        // By id from here on: the name may be another container's by the time this one has exited.
        var client = Client;
        var before = await InspectAsync(container, cancellationToken).ConfigureAwait(false);
        if (before is not { IsRunning: true })
            return before is null ? null : before.Exit ?? throw new EngineException($"The container {container} was never started.");

        ContainerWaitResponse answer;
        try
        {
            answer = await _calls.WaitAsync(token => client.Containers.WaitContainerAsync(before.Id.Value, token), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineAnswerException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        // The answer has the code only; why and when is in the state.
        var after = await InspectAsync(before.Id.Value, cancellationToken).ConfigureAwait(false);
        return after is null ? null : after.Exit ?? new ContainerExit((int)answer.StatusCode, false, _time.GetUtcNow());
    }
}
