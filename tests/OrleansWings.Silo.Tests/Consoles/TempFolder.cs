namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("orleans-wings-consoles-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
