using OrleansWings.Silo.Images;

namespace OrleansWings.Silo.Tests.Images;

public sealed class ImageRegistryTests
{
    [Theory]
    [InlineData("debian", "docker.io")]
    [InlineData("debian:12", "docker.io")]
    [InlineData("library/debian:12", "docker.io")]
    [InlineData("docker.io/library/debian", "docker.io")]
    [InlineData("index.docker.io/library/debian", "docker.io")]
    [InlineData("registry-1.docker.io/library/debian", "docker.io")]
    [InlineData("localhost/game:1", "localhost")]
    [InlineData("localhosts/game:1", "docker.io")]
    [InlineData("LOCALHOST/game:1", "localhost")]
    [InlineData("Evil/game:1", "evil")]
    [InlineData("localhost:5000/game:1", "localhost:5000")]
    [InlineData("registry.example.com/games/a:1", "registry.example.com")]
    [InlineData("Registry.Example.com/games/a:1", "registry.example.com")]
    [InlineData("registry.example.com:5000/games/a@sha256:00", "registry.example.com:5000")]
    [InlineData("registry.example.com.evil.net/games/a:1", "registry.example.com.evil.net")]
    [InlineData("user/registry.example.com/a", "docker.io")]
    [InlineData("[::1]:5000/a", "[::1]:5000")]
    public void HostOf_IsWhatTheEngineAsks(string image, string host) => Assert.Equal(host, ImageRegistry.HostOf(image));
}
