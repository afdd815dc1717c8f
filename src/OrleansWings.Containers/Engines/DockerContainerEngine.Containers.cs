using System.Net;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    private static readonly TimeSpan s_removalPause = TimeSpan.FromMilliseconds(100);

    public async Task<ContainerId> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = ContainerSpecConverter.ToCreate(spec);
        try
        {
            var made = await _calls.RunAsync(_timeouts.Change, token => client.Containers.CreateContainerAsync(parameters, token), cancellationToken).ConfigureAwait(false);
            Warn(made.Warnings);
            return new ContainerId(made.ID);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsMissingImage(answer))
        {
            throw new ImageMissingException(spec.Image);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsTakenName(answer))
        {
            throw new NameTakenException(spec.Name);
        }
    }

    public async Task<ContainerState?> InspectAsync(string container, CancellationToken cancellationToken)
    {
        var client = Client;
        try
        {
            var found = await _calls.RunAsync(_timeouts.Call, token => client.Containers.InspectContainerAsync(container, token), cancellationToken).ConfigureAwait(false);
            return ContainerStateConverter.From(found);
        }
        catch (EngineAnswerException answer) when (answer.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<ContainerState>> ListAsync(string label, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new ContainersListParameters { All = true, Filters = LabelFilter(label) };
        var found = await _calls.RunAsync(_timeouts.Call, token => client.Containers.ListContainersAsync(parameters, token), cancellationToken).ConfigureAwait(false);
        return [.. found.Select(ContainerStateConverter.From)];
    }

    public async Task<bool> RemoveAsync(string container, bool force, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new ContainerRemoveParameters { Force = force, RemoveVolumes = true };
        try
        {
            await _calls.RunAsync(_timeouts.Change, token => client.Containers.RemoveContainerAsync(container, parameters, token), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineAnswerException answer) when (answer.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsRemovalUnderWay(answer))
        {
            await _calls.RunAsync(_timeouts.Change, token => UntilGoneAsync(container, token), cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    public async Task<bool> RenameAsync(string container, string name, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new ContainerRenameParameters { NewName = name };
        try
        {
            await _calls.RunAsync(_timeouts.Call, token => client.Containers.RenameContainerAsync(container, parameters, token), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsMissingContainer(answer))
        {
            return false;
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsSameName(answer))
        {
            return true;
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsTakenName(answer))
        {
            throw new NameTakenException(name);
        }
    }

    public async Task<bool> UpdateAsync(string container, ContainerLimits limits, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = ContainerSpecConverter.ToUpdate(limits);
        try
        {
            var updated = await _calls.RunAsync(_timeouts.Call, token => client.Containers.UpdateContainerAsync(container, parameters, token), cancellationToken).ConfigureAwait(false);
            Warn(updated.Warnings);
            return true;
        }
        catch (EngineAnswerException answer) when (answer.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private void Warn(IEnumerable<string>? warnings)
    {
        foreach (var text in warnings ?? [])
            Warned?.Invoke(new EngineWarning(text));
    }

    private async Task UntilGoneAsync(string container, CancellationToken cancellationToken)
    {
        while (await InspectAsync(container, cancellationToken).ConfigureAwait(false) is not null)
            await Task.Delay(s_removalPause, _time, cancellationToken).ConfigureAwait(false);
    }

    private static Dictionary<string, IDictionary<string, bool>> LabelFilter(string label)
        => new() { ["label"] = new Dictionary<string, bool> { [label] = true } };
}
