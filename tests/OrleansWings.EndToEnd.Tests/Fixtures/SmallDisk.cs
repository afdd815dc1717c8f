namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>A small disk of a test's own, which it may fill.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ow-disk-").FullName;

    private SmallDisk()
    {
    }

    /// <summary>A folder on it.</summary>
    public string Data => Path.Combine(_folder, "data");

    private string Filling => Path.Combine(_folder, "filling");

    public static async Task<SmallDisk> MountAsync(int mebibytes)
    {
        var disk = new SmallDisk();
        await Command.RunAsync("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "ow-disk", disk._folder);
        return disk;
    }

    /// <summary>Writes until nothing more fits.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filling, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 64 * 1024; size > 0; size /= 2)
        {
            try
            {
                while (true)
                    file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Full for this size.
            }
        }
    }

    public void Empty() => File.Delete(Filling);

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync("umount", "-l", _folder);
        Directory.Delete(_folder, recursive: true);
    }
}
