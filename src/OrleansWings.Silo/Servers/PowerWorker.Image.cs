using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Images;

namespace OrleansWings.Silo.Servers;

/// <summary>The image of a start: pulled, or looked for on this host.</summary>
public sealed partial class PowerWorker
{
    private async Task EnsureImageAsync(string image, int run, StartAttempt attempt, CancellationToken cancellationToken)
    {
        var name = ServerContainer.LocalName(image);
        // Once, however often the start is tried: the history is short.
        if (!attempt.IsImageTold)
            Keep(ServerEventKind.PullStarted, ServerContainer.IsLocalOnly(image) ? $"The image {name} is looked for on this host; it is never pulled." : $"The image {name} is pulled.");
        attempt.IsImageTold = true;
        if (ServerContainer.IsLocalOnly(image))
        {
            if (!await IsOnThisHostAsync(name, cancellationToken).ConfigureAwait(false))
                throw new EngineException($"The image {name} is not on this host, and '~' before its name says that it is never pulled.");
            Keep(ServerEventKind.PullCompleted, $"The image {name} is on this host.");
            return;
        }

        SetActivity($"Pulling the image {name}.", null);
        Console.WriteWings($"Pulling the image {name}. This can take a few minutes.");
        try
        {
            await _host.Images.PullAsync(name, OnPull, cancellationToken).ConfigureAwait(false);
            SetActivity(null, null);
            Console.WriteWings($"The image {name} is up to date.");
            Keep(ServerEventKind.PullCompleted, $"The image {name} is up to date.");
        }
        catch (EngineException e) when (e is not EngineUnreachableException || _host.Watch.IsReachable)
        {
            // A line that is cut in each long pull, by what stands between, is no reason not to start what is here.
            if (!await IsOnThisHostAsync(name, cancellationToken).ConfigureAwait(false))
            {
                if (e is EngineUnreachableException)
                    throw;
                Keep(ServerEventKind.PullFailed, StartFault.Describe(e));
                throw;
            }

            Keep(ServerEventKind.PullFailed, $"{StartFault.Describe(e)} The copy that is on this host is used.");
            LogRetry(_logger, Id, "the pull of the image", e.Message);
            Console.WriteWings($"{StartFault.Describe(e)} The copy that is on this host is used.");
        }

        void Keep(ServerEventKind kind, string text) => KeepEvent(new ServerEvent { At = _host.Time.GetUtcNow(), Kind = kind, Run = run, Text = text });

        void OnPull(PullStatus pull)
        {
            _pull = pull.Layers;
            SetActivity($"Pulling the image {name}: {pull.Text}", Math.Round(pull.Part, 2));
        }
    }

    private async Task<bool> IsOnThisHostAsync(string image, CancellationToken cancellationToken)
        => await _host.Engine.InspectImageAsync(image, cancellationToken).ConfigureAwait(false) is { } found && ImageName.IsOf(found, image);
}
