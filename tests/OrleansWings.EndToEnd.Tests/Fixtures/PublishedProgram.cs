namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>The published program: the one that test.sh made, else published once for this run.</summary>
public sealed class PublishedProgram : IAsyncLifetime
{
    private static string? s_path;
    private string? _folder;

    /// <summary>The executable.</summary>
    public static string Path => s_path ?? throw new InvalidOperationException("The program is not published yet.");

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("WINGS_TEST_PROGRAM") is { Length: > 0 } given)
        {
            s_path = given;
            return;
        }

        _folder = Directory.CreateTempSubdirectory("ow-program-").FullName;
        await Command.RunAsync("dotnet", "publish", Repository.PathOf("src", "OrleansWings"), "-c", "Release", "-o", _folder, "-v", "quiet", "--nologo");
        s_path = System.IO.Path.Combine(_folder, "orleans-wings");
    }

    public ValueTask DisposeAsync()
    {
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
