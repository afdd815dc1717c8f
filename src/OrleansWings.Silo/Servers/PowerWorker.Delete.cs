using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>Deletion: the container goes, the files move to the trash, and come back when it is undone.</summary>
public sealed partial class PowerWorker
{
    // The system's EXDEV.
    private const int OtherFileSystem = 18;

    private readonly Lock _moving = new();

    private void BeginDelete() => Repeat("the deletion", async version =>
    {
        if (!State.IsDeleted)
            return;
        await Console.DetachAsync().ConfigureAwait(false);
        // By its id, and only ours: a stranger's container is left alone, whatever its name is.
        if (await FindContainerAsync(_stop.Token).ConfigureAwait(false) is { } container && IsKnownAsOurs(container))
            await _host.RemoveContainerAsync(container, force: true, _stop.Token).ConfigureAwait(false);
        // Also when its container went in an earlier try: that one may have been cut off before it came to the bridge.
        if (OutgoingNetworks.AddressOf(State.Assignment.Spec) is { } ip)
            await _host.Outgoing.RemoveUnusedAsync(OutgoingNetworks.NameOf(ip), _stop.Token).ConfigureAwait(false);

        // The engine took its time: the deletion may have been undone meanwhile.
        lock (_moving)
        {
            if (!State.IsDeleted)
                return;
            if (Directory.Exists(_host.Paths.Volume(Id)) && Directory.Exists(_host.Paths.Trash(Id)))
                throw new IOException($"The trash has a folder of this server already: {_host.Paths.Trash(Id)}. Move it away.");
            MoveFolder(_host.Paths.Volume(Id), _host.Paths.Trash(Id));
        }

        Post(new PowerInput.DeletionDone(version));
    });

    private void BeginUndelete() => Repeat("the undoing of the deletion", _ =>
    {
        RestoreFolder();
        return Task.CompletedTask;
    });

    // Also the first step of a start, which must not make an empty folder where the files are about to come back.
    private void RestoreFolder()
    {
        lock (_moving)
        {
            if (!State.IsDeleted)
                MoveFolder(_host.Paths.Trash(Id), _host.Paths.Volume(Id));
        }
    }

    // A rename within one file system: done or not done, whatever happens to the program. Safe to repeat.
    private static void MoveFolder(string from, string to)
    {
        if (!Directory.Exists(from) || Directory.Exists(to))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        try
        {
            VolumeFolder.Move(from, to);
        }
        catch (IOException e) when (e.HResult == OtherFileSystem)
        {
            // Not copied: cut short, that would leave two halves of a world.
            throw new IOException($"{from} and {Path.GetDirectoryName(to)} are on different file systems. Make the second a link to a folder beside the first, for example to {Path.Combine(Path.GetDirectoryName(from)!, ".trash")}.", e);
        }
    }

    private void Repeat(string step, Func<long, Task> work)
    {
        var version = _state.Assignment.Version;
        _work.Run(async () =>
        {
            string? told = null;
            while (!_stop.IsCancellationRequested && State.Assignment.Version == version)
            {
                try
                {
                    await work(version).ConfigureAwait(false);
                    break;
                }
                catch (Exception e) when (e is EngineException or IOException or UnauthorizedAccessException)
                {
                    LogRetry(_logger, Id, step, e.Message);
                    if (e is EngineUnreachableException)
                        SetActivity(told = RetryRule.Describe(e, "The deletion goes on when it does."), null);
                    else
                        Post(new PowerInput.DeletionFailed($"{RetryRule.Sentence(e.Message)} It is tried again."));
                    await Task.Delay(TimeSpan.FromSeconds(5), _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                catch (OperationCanceledException) when (_stop.IsCancellationRequested)
                {
                    return;
                }
            }

            // Also when it is wanted no longer.
            ClearActivity(told);
        });
    }
}
