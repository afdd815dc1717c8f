using System.Globalization;
using System.Text;
using OrleansWings.Commands;
using OrleansWings.Hosts;

namespace OrleansWings.DataFolders;

/// <summary>The one folder that all state lives in. While this object lives, the folder belongs to this process alone.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";

    // Beside the lock, because a locked file cannot be read either.
    private const string PidName = "pid";
    private const string HostName = "host-id";
    private const string MachineKeyName = "machine-key";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock) => (Path, _lock) = (path, heldLock);

    public string Path { get; }

    /// <summary>Where the keys lie that sign the cookies.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>Where the administrator is kept.</summary>
    public string Users => System.IO.Path.Combine(Path, "users.json");

    /// <summary>Makes the folder if need be, locks it, and looks whether what lies in it can be used.</summary>
    /// <exception cref="CannotStartException">It cannot be used; nothing in it was changed.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Prepare(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {path} cannot be made: {e.Message}", e);
        }

        var folder = new DataFolder(path, TakeLock(path));
        try
        {
            folder.Probe();
            folder.WritePid();
            foreach (var name in (string[])["state.db", "host.db"])
                StateFile.Check(System.IO.Path.Combine(path, name));
            return folder;
        }
        catch (Exception e)
        {
            folder.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new CannotStartException($"The data folder {path} cannot be written to: {e.Message}", e);
            throw;
        }
    }

    /// <summary>
    /// The name of this host, the same for ever: servers are assigned to it by that name, so a renamed machine must not
    /// change it.
    /// </summary>
    public HostId KeepHostId(HostId? asked, HostId made)
    {
        if (ReadHostId(Path, asked) is { } kept)
            return kept;
        PrivateFile.Write(System.IO.Path.Combine(Path, HostName), Encoding.UTF8.GetBytes((asked ?? made).Value + "\n"));
        return asked ?? made;
    }

    /// <summary>The name that a data folder keeps; null when it keeps none yet. Changes nothing and takes no lock.</summary>
    /// <param name="path">The folder, which may not be there.</param>
    /// <param name="asked">WINGS_HOST, which may not be another one.</param>
    /// <exception cref="CannotStartException">It cannot be read, or another name is asked for.</exception>
    public static HostId? ReadHostId(string path, HostId? asked)
    {
        var file = System.IO.Path.Combine(path, HostName);
        if (!File.Exists(file))
            return null;
        if (!HostId.TryParse(ReadText(file).Trim(), null, out var kept))
            throw new CannotStartException($"{file} does not hold a host name. Write this host's name into it, or restore it from a backup.");
        if (asked is { } other && other != kept)
            throw new CannotStartException($"WINGS_HOST: '{other}' is not '{kept}', the name that {path} was made with and that its servers are assigned to. Leave it out, or use another WINGS_DATA.");
        return kept;
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A secret made once: by it the fleet tells this machine from another that comes under the same name.</summary>
    public Guid KeepMachineKey()
    {
        var file = System.IO.Path.Combine(Path, MachineKeyName);
        if (!File.Exists(file))
            PrivateFile.Write(file, Encoding.ASCII.GetBytes($"{Guid.NewGuid():D}\n"));
        return Guid.TryParse(File.ReadAllText(file).Trim(), out var key)
            ? key
            : throw new CannotStartException($"{file} does not hold this machine's key. Restore it from a backup; or delete it, and this host's key under 'orleans-wings/machines/' in Redis.");
    }

    public void Dispose() => _lock.Dispose();

    private static void Prepare(string path)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, ownerOnly);
            return;
        }

        // Any of these: a folder that was restored from a backup may lack the lock.
        if (((string[])[LockName, HostName, "state.db", "host.db"]).Any(name => File.Exists(System.IO.Path.Combine(path, name))))
            return;

        // Not ours yet. Somebody who typed /home or / by mistake must not find its permissions changed.
        if (Directory.EnumerateFileSystemEntries(path).Any(entry => System.IO.Path.GetFileName(entry) is not ("lost+found" or "engine")))
            throw new CannotStartException($"WINGS_DATA: {path} holds other files and was not made by OrleansWings. Name a new or empty folder.");
        File.SetUnixFileMode(path, ownerOnly);
    }

    private static FileStream TakeLock(string path)
    {
        var file = System.IO.Path.Combine(path, LockName);
        try
        {
            // The kernel gives the lock back when the process ends, however it ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CannotStartException($"The data folder {path} cannot be written to: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw ReadHolder(path) is { } pid
                ? new CannotStartException($"The data folder {path} is in use by another OrleansWings (process {pid}). Stop that one, or give this one a folder of its own with WINGS_DATA.", e)
                : new CannotStartException($"The data folder {path} cannot be locked: {e.Message}", e);
        }
    }

    private static string? ReadHolder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(System.IO.Path.Combine(path, PidName)).Trim(), CultureInfo.InvariantCulture, out var pid)
                ? pid.ToString(CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void WritePid()
        => PrivateFile.Write(
            System.IO.Path.Combine(Path, PidName), Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));

    // A full disk is said now, in words, and not later by whatever writes first.
    private void Probe()
    {
        var probe = System.IO.Path.Combine(Path, ".probe");
        try
        {
            using var file = new FileStream(probe, FileMode.Create, FileAccess.Write);
            file.Write(new byte[256 * 1024]);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            File.Delete(probe);
        }
    }
}
