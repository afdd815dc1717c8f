using System.Diagnostics;

namespace OrleansWings.EndToEnd.Tests.Deployments;

/// <summary>The image that the Dockerfile makes, out of bases that are made here; nothing is pulled. The program in it is published once for all tests of a class.</summary>
public sealed class ComposeImage : IDisposable
{
    /// <summary>The image's base, which has Redis in it too.</summary>
    public const string Base = "orleanswings-test-base";

    private const string Sdk = "orleanswings-test-sdk";

    private readonly string _program = Directory.CreateTempSubdirectory("ow-image-").FullName;
    private Task? _publishing;

    public void Dispose() => Directory.Delete(_program, recursive: true);

    /// <summary>Begins with what takes longest and needs no engine.</summary>
    internal void Begin()
        => _publishing ??= Command.RunAsync(
            "dotnet", "publish", Repository.PathOf("src", "OrleansWings"), "-c", "Release", "--use-current-runtime", "--self-contained", "-p:ReadyToRun=true", "-o", _program, "-v", "quiet", "--nologo");

    /// <summary>Makes the image on an engine.</summary>
    internal async Task MakeAsync(Uri engine)
    {
        Begin();
        await _publishing!;
        await Command.RunAsync(Repository.PathOf("tests", "engine", "make-image-bases"), engine.OriginalString, _program);
        // The builder that every engine has, with or without the client's plugin for the newer one.
        var build = new ProcessStartInfo("docker", ["-H", engine.OriginalString, "build", "-q", "-t", "orleans-wings", "--build-arg", $"SDK_IMAGE={Sdk}", "--build-arg", $"NODE_IMAGE={Sdk}",
            "--build-arg", $"RUNTIME_IMAGE={Base}", Repository.Root]);
        build.Environment["DOCKER_BUILDKIT"] = "0";
        var result = await Command.TryAsync(build);
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
    }
}
