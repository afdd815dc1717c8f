using OrleansWings.Containers.Engines;
using Xunit;

namespace OrleansWings.Testing.Engines;

/// <summary>The real engine of the tests. test.sh always sets it; without it a test skips and says why.</summary>
public static class RealEngine
{
    public const string AddressVariable = "WINGS_TEST_ENGINE";
    public const string ImageVariable = "WINGS_TEST_IMAGE";

    public static Uri? Address => Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } address ? new Uri(address) : null;

    public static string Image => Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } image ? image : FakeContainerEngine.TestImage;

    /// <summary>The engine's network namespace when it is a private one (scripts/engine); null when it is the machine's.</summary>
    public static string? Namespace
        => Address is { Scheme: "unix" } address && Path.GetFileName(Path.GetDirectoryName(address.LocalPath)) is { Length: > 0 } name && File.Exists($"/run/netns/{name}")
            ? $"/run/netns/{name}" : null;

    /// <summary>A new folder that the engine can mount, owned by the games' user; the caller deletes it.</summary>
    /// <remarks>A private engine may have a root of its own, in which only its folder is the same as outside.</remarks>
    public static async Task<string> CreateFolderAsync(CancellationToken cancellationToken)
    {
        var parent = Namespace is null ? Path.GetTempPath() : Path.GetDirectoryName(Require().LocalPath)!;
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"mount-{Guid.NewGuid():N}")).FullName;
        await HostCommand.RunAsync("chown", ["988:988", folder], cancellationToken);
        return folder;
    }

    /// <summary>Runs a program of the machine where the engine's published ports are.</summary>
    public static IEnumerable<string> InNamespace(params IEnumerable<string> command) => [$"--net={Namespace ?? "/proc/self/ns/net"}", .. command];

    /// <summary>A name for a <see cref="PrivateEngine"/>: of this run alone, and the same the next time, so that what a broken run left is cleaned up.</summary>
    public static string NameOfOwn(string purpose)
    {
        var main = Path.GetFileName(Namespace) ?? "ow-tests";
        return $"{main[..Math.Min(main.Length, 19 - purpose.Length)]}-{purpose}";
    }

    /// <summary>The address, or a skipped test.</summary>
    public static Uri Require()
    {
        Assert.SkipWhen(Address is null, $"{AddressVariable} is not set: no real engine to test with.");
        return Address!;
    }

    public static DockerContainerEngine Open() => new(Require());
}
