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

    /// <summary>The address, or a skipped test.</summary>
    public static Uri Require()
    {
        Assert.SkipWhen(Address is null, $"{AddressVariable} is not set: no real engine to test with.");
        return Address!;
    }

    public static DockerContainerEngine Open() => new(Require());
}
