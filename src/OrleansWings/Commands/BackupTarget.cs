namespace OrleansWings.Commands;

/// <summary>
/// The file that a backup goes into. It is written in a folder beside it that only the program's user may enter, and moved to its place when it is on
/// the disk: under its name there is a whole one or none. The folder goes when the command ends; when it is killed, the folder stays, and is nobody else's to read.
/// </summary>
internal sealed class BackupTarget : IDisposable
{
    private readonly string _path;

    private BackupTarget(string path, string workFolder) => (_path, WorkFolder) = (path, workFolder);

    /// <summary>For what is needed on the way, on the same disk.</summary>
    public string WorkFolder { get; }

    /// <exception cref="CannotStartException">Nothing may be written there, or something is there.</exception>
    public static BackupTarget Open(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (folder is null || Directory.Exists(path))
            throw new CannotStartException($"{path} is a folder. Name a file in it that is not there yet.");
        RefuseExisting(path);
        if (!Directory.Exists(folder))
            throw new CannotStartException($"{path} cannot be made: there is no folder {folder}.");
        var work = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new BackupTarget(path, work);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{path} cannot be made: {e.Message.Replace(work, path, StringComparison.Ordinal)}", e);
        }
    }

    /// <summary>Writes the file and puts it in its place.</summary>
    /// <exception cref="CannotStartException">It could not be written; then it is not there.</exception>
    public long Write(Func<Stream, long> write)
    {
        var part = Path.Combine(WorkFolder, "backup");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        try
        {
            long length;
            using (var file = new FileStream(part, options))
            {
                length = write(file);
                file.Flush(flushToDisk: true);
            }

            RefuseExisting(_path);
            File.Move(part, _path, overwrite: false);
            return length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{_path} cannot be written: {e.Message.Replace(part, _path, StringComparison.Ordinal)} Nothing was saved.", e);
        }
    }

    public void Dispose() => Directory.Delete(WorkFolder, recursive: true);

    private static void RefuseExisting(string path)
    {
        if (File.Exists(path))
            throw new CannotStartException($"{path} is there already and is not overwritten. Name another file, or move it away.");
    }
}
