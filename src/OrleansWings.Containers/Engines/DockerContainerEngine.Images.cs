using System.Net;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    public async Task<ImageState?> InspectImageAsync(string image, CancellationToken cancellationToken)
    {
        var client = Client;
        try
        {
            var found = await _calls.RunAsync(_timeouts.Call, token => client.Images.InspectImageAsync(image, token), cancellationToken).ConfigureAwait(false);
            return new ImageState(found.ID, [.. found.RepoTags ?? []], found.Size)
            {
                Digests = [.. found.RepoDigests ?? []],
                Environment = ContainerStateConverter.ToEnvironment(found.Config?.Env),
                Labels = new Dictionary<string, string>(found.Config?.Labels ?? new Dictionary<string, string>()),
                Command = [.. found.Config?.Cmd ?? []],
            };
        }
        catch (EngineAnswerException answer) when (answer.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken)
    {
        var client = Client;
        var images = await _calls.RunAsync(_timeouts.Call, token => client.Images.ListImagesAsync(new ImagesListParameters(), token), cancellationToken).ConfigureAwait(false);
        // What a newer build of the same name has pushed aside has no name, or this one.
        return [.. images.SelectMany(image => Named(image.RepoTags)).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IReadOnlyList<string> Named(IEnumerable<string>? tags) => [.. (tags ?? []).Where(name => !name.Contains("<none>", StringComparison.Ordinal))];

    public async Task<IReadOnlyList<StoredImage>> ListStoredImagesAsync(CancellationToken cancellationToken)
    {
        var client = Client;
        var images = await _calls.RunAsync(_timeouts.Call, token => client.Images.ListImagesAsync(new ImagesListParameters(), token), cancellationToken).ConfigureAwait(false);
        // Asked for after the images: one that was made meanwhile keeps its image.
        var containers = await _calls.RunAsync(_timeouts.Call, token => client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken).ConfigureAwait(false);
        var used = containers.Select(container => container.ImageID).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. images.Select(image => new StoredImage(image.ID, Named(image.RepoTags), image.Size, used.Contains(image.ID)) { Digests = Named(image.RepoDigests) })
                .OrderByDescending(image => image.SizeBytes).ThenBy(image => image.Id, StringComparer.Ordinal),
        ];
    }

    public async Task<bool> RemoveImageAsync(string image, CancellationToken cancellationToken)
    {
        var client = Client;
        try
        {
            await _calls.RunAsync(_timeouts.Change, token => client.Images.DeleteImageAsync(image, new ImageDeleteParameters(), token), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineAnswerException answer) when (answer.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    public async Task PullImageAsync(string image, RegistryCredentials? credentials, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(image);
        var parameters = new ImagesCreateParameters { FromImage = reference.Repository, Tag = reference.Tag };
        var login = credentials is null ? null : new AuthConfig { Username = credentials.UserName, Password = credentials.Password, ServerAddress = credentials.Registry };
        var steps = new PullSteps(progress, _time);
        try
        {
            await PullAsync(parameters, login, steps, image, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer)
        {
            throw PullRefusals.ToException(image, answer.Message, answer);
        }

        // The engine's answer was "200" before it knew; a failure after that is only told among the steps.
        if (steps.Failure is { } failure)
            throw PullRefusals.ToException(image, failure);
    }

    private async Task PullAsync(ImagesCreateParameters parameters, AuthConfig? login, PullSteps steps, string image, CancellationToken cancellationToken)
    {
        var client = Client;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pull = _calls.WaitAsync(async token => { await client.Images.CreateImageAsync(parameters, login, steps, token).ConfigureAwait(false); return true; }, silence.Token);
        while (!pull.IsCompleted)
        {
            using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var left = _timeouts.PullSilence - steps.Silence;
            if (left <= TimeSpan.Zero)
            {
                await silence.CancelAsync().ConfigureAwait(false);
                throw new ImagePullException(image, $"nothing came for {_timeouts.PullSilence.TotalSeconds:0} s.");
            }

            await Task.WhenAny(pull, Task.Delay(left, _time, watch.Token)).ConfigureAwait(false);
            await watch.CancelAsync().ConfigureAwait(false);
        }

        await pull.ConfigureAwait(false);
    }

    /// <summary>Passes the steps on, and remembers a failure told among them and when the last one came.</summary>
    private sealed class PullSteps(IProgress<PullProgress>? progress, TimeProvider time) : IProgress<JSONMessage>
    {
        private long _last = time.GetTimestamp();

        public string? Failure { get; private set; }

        public TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref _last));

        public void Report(JSONMessage value)
        {
            Interlocked.Exchange(ref _last, time.GetTimestamp());
            if (value.Error?.Message is { Length: > 0 } failure)
                Failure = failure;
            else if (value.Status is { } status)
                progress?.Report(new PullProgress(value.ID ?? "", status, value.Progress?.Current ?? 0, value.Progress?.Total ?? 0));
        }
    }
}
