using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

public sealed partial class FakeContainerEngine
{
    private readonly Dictionary<string, FakeImage> _images = [];
    private readonly Dictionary<string, FakePull> _pulls = [];

    /// <summary>Puts an image on the engine; its program replaces <see cref="Program"/>.</summary>
    public void AddImage(string name, FakeProgram? program = null)
    {
        lock (_lock)
            _images[Tagged(name)] = new FakeImage(new ImageState("sha256:" + NewId(), [Tagged(name)], 2_000_000), program);
    }

    public void RemoveImage(string name)
    {
        lock (_lock)
            _images.Remove(Tagged(name));
    }

    /// <summary>Makes an image that is not on the engine available to pulls.</summary>
    public void AddRemoteImage(string name, FakePull? pull = null)
    {
        lock (_lock)
            _pulls[Tagged(name)] = pull ?? new FakePull();
    }

    public async Task<ImageState?> InspectImageAsync(string image, CancellationToken cancellationToken)
    {
        await EnterAsync("image", image, _timeouts.Call, cancellationToken);
        lock (_lock)
            return _images.GetValueOrDefault(Tagged(image))?.State;
    }

    public async Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken)
    {
        await EnterAsync("images", "", _timeouts.Call, cancellationToken);
        lock (_lock)
            return [.. _images.Keys.Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<StoredImage>> ListStoredImagesAsync(CancellationToken cancellationToken)
    {
        await EnterAsync("stored-images", "", _timeouts.Call, cancellationToken);
        lock (_lock)
            return [.. _images.Values.Select(image => new StoredImage(image.State.Id, image.State.Tags, image.State.SizeBytes, IsUsed(image.State)))];
    }

    public async Task<bool> RemoveImageAsync(string image, CancellationToken cancellationToken)
    {
        await EnterAsync("remove-image", image, _timeouts.Change, cancellationToken);
        lock (_lock)
        {
            var found = _images.Values.FirstOrDefault(one => one.State.Id == image || one.State.Tags.Contains(Tagged(image)));
            if (found is null)
                return false;
            if (IsUsed(found.State))
                throw new EngineException($"conflict: unable to remove {image}: a container is made of it");
            return _images.Remove(found.State.Tags[0]);
        }
    }

    private bool IsUsed(ImageState image) => _byName.Values.Any(container => image.Tags.Contains(Tagged(container.Spec.Image)));

    public async Task PullImageAsync(string image, RegistryCredentials? credentials, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        await EnterAsync("pull", image, _timeouts.Change, cancellationToken);
        FakePull? pull;
        lock (_lock)
            pull = _pulls.GetValueOrDefault(Tagged(image));

        if (pull is null)
            throw new ImagePullException(image, "the registry has no such image or tag.");

        if (pull.Credentials is { } needed && needed != credentials)
            throw new ImagePullException(image, "the registry does not accept the user name or password.");

        foreach (var step in pull.Steps)
            progress?.Report(step);

        await StayAsync(async token => { await pull.Gate.WaitAsync(token); return true; }, cancellationToken);
        if (pull.Failure is { } failure)
            throw new ImagePullException(image, failure);

        AddImage(image);
    }

    private static string Tagged(string image) => image.LastIndexOf(':') > image.LastIndexOf('/') || image.Contains('@', StringComparison.Ordinal) ? image : image + ":latest";

    private sealed record FakeImage(ImageState State, FakeProgram? Program);
}
