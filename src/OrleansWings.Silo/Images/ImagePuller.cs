using System.Collections.Immutable;
using System.Globalization;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Images;

/// <summary>
/// Pulls each image once however many servers wait for it. Who stops waiting leaves the pull to the others; the last
/// one to leave ends it.
/// </summary>
public sealed class ImagePuller(IContainerEngine engine, RegistryLogins logins, TimeProvider time)
{
    /// <summary>The peer's ceiling for one pull.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pull> _pulls = [];

    /// <summary>Waits for a pull of the image, beginning one if none is under way.</summary>
    /// <param name="image">The image.</param>
    /// <param name="progress">Told how far it is; called from any thread.</param>
    /// <param name="cancellationToken">Ends this wait.</param>
    /// <exception cref="EngineException">The pull failed.</exception>
    public async Task PullAsync(string image, Action<PullStatus> progress, CancellationToken cancellationToken)
    {
        var pull = Join(image, progress);
        try
        {
            // Who comes late is told how far it is: the next step may be long in coming.
            if (pull.Last is { } last)
                progress(last);
            await pull.Task!.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(image, pull, progress);
        }
    }

    private Pull Join(string image, Action<PullStatus> progress)
    {
        lock (_lock)
        {
            if (!_pulls.TryGetValue(image, out var pull))
            {
                _pulls[image] = pull = new Pull(this);
                pull.Task = Task.Run(() => RunAsync(image, pull));
            }

            pull.Waiters.Add(progress);
            return pull;
        }
    }

    private void Leave(string image, Pull pull, Action<PullStatus> progress)
    {
        lock (_lock)
        {
            pull.Waiters.Remove(progress);
            if (pull.Waiters.Count > 0)
                return;
            if (_pulls.GetValueOrDefault(image) == pull)
                _pulls.Remove(image);
            pull.Stop.Cancel();
        }
    }

    private async Task RunAsync(string image, Pull pull)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, pull.Stop.Token);
        try
        {
            await engine.PullImageAsync(image, logins.Find(image), pull, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new ImagePullException(image, $"it was not done after {Timeout.TotalMinutes:0} minutes.");
        }
        finally
        {
            lock (_lock)
            {
                if (_pulls.GetValueOrDefault(image) == pull)
                    _pulls.Remove(image);
            }
        }
    }

    private sealed class Pull(ImagePuller owner) : IProgress<PullProgress>
    {
        // Engines run images of at most 127; what a registry says beyond is not kept.
        private const int MaxLayers = 200;

        // In the order of being told: an image has some ten.
        private readonly List<PullProgress> _layers = [];

        public Task? Task { get; set; }

        public PullStatus? Last { get; private set; }

        public List<Action<PullStatus>> Waiters { get; } = [];

        public CancellationTokenSource Stop { get; } = new();

        public void Report(PullProgress value)
        {
            Action<PullStatus>[] waiters;
            PullStatus told;
            lock (owner._lock)
            {
                if (PullMath.IsLayer(value))
                    Take(value);
                Last = told = new PullStatus(PullMath.Fraction(_layers), [.. _layers.Select(layer => new PullLayer(layer.Layer, layer.Status, layer.CurrentBytes, layer.TotalBytes))]);
                waiters = [.. Waiters];
            }

            foreach (var waiter in waiters)
                waiter(told);
        }

        private void Take(PullProgress value)
        {
            var known = _layers.FindIndex(layer => layer.Layer == value.Layer);
            if (known >= 0)
                _layers[known] = value;
            else if (_layers.Count < MaxLayers)
                _layers.Add(value);
        }
    }
}

/// <summary>How far a pull is.</summary>
/// <param name="Part">0 to 1.</param>
/// <param name="Layers">Layer by layer.</param>
public sealed record PullStatus(double Part, ImmutableArray<PullLayer> Layers)
{
    /// <summary>In a line ("40 %, 3 of 7 layers").</summary>
    public string Text => Layers.IsEmpty
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Part * 100):0} %")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Part * 100):0} %, {Layers.Count(layer => layer.IsDone)} of {Layers.Length} layers");
}

/// <summary>How far a pull is.</summary>
internal static class PullMath
{
    /// <summary>
    /// The mean over the layers, half for the download and half for the unpacking: sizes of layers not begun are not
    /// known, so bytes alone would jump back.
    /// </summary>
    public static double Fraction(IReadOnlyCollection<PullProgress> layers)
        => layers.Count == 0 ? 0 : layers.Average(Done);

    /// <summary>Whether it is about a layer: the first step names the tag in that place.</summary>
    public static bool IsLayer(PullProgress step) => step.Layer.Length > 0 && !step.Status.StartsWith("Pulling from", StringComparison.Ordinal);

    private static double Done(PullProgress layer) => layer.Status switch
    {
        "Pull complete" or "Already exists" => 1,
        "Extracting" => 0.5 + 0.5 * Part(layer),
        "Download complete" or "Verifying Checksum" => 0.5,
        "Downloading" => 0.5 * Part(layer),
        _ => 0,
    };

    private static double Part(PullProgress layer)
        => layer.TotalBytes > 0 ? Math.Clamp((double)layer.CurrentBytes / layer.TotalBytes, 0, 1) : 0;
}
