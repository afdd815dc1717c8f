using System.Diagnostics;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>A file system of a few hundred KiB, mounted for one test; needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _filler;

    /// <param name="kibibytes">Its size.</param>
    /// <param name="path">Where it is mounted; null for a folder of its own.</param>
    public SmallDisk(int kibibytes, string? path = null)
    {
        Path = Directory.CreateDirectory(path ?? System.IO.Path.Combine(_folder.Path, "disk")).FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "orleans-wings-test", Path);
        _filler = System.IO.Path.Combine(Path, "filler");
    }

    public string Path { get; }

    /// <summary>Takes what is left.</summary>
    public void Fill()
    {
        using var file = File.Create(_filler);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(_filler);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }
}
