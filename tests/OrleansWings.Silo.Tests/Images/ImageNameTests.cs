using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Images;

namespace OrleansWings.Silo.Tests.Images;

/// <summary>A copy on the host counts only when it is exactly the image that was named.</summary>
public sealed class ImageNameTests
{
    private static readonly ImageState s_found = new("sha256:1a2b3c", ["game:latest", "host:5000/team/game:1"], 1) { Digests = ["ghcr.io/team/game@sha256:77"] };

    [Theory]
    [InlineData("game", true)]
    [InlineData("game:latest", true)]
    [InlineData("docker.io/library/game", true)]
    [InlineData("index.docker.io/game:latest", true)]
    [InlineData("host:5000/team/game:1", true)]
    [InlineData("ghcr.io/team/game@sha256:77", true)]
    [InlineData("ghcr.io/team/game:1@sha256:77", true)]
    [InlineData("ghcr.io/team/game:1@sha256:78", false)]
    [InlineData("host:5000/team/game@sha256:77", false)]
    [InlineData("sha256:1a2b3c", true)]
    [InlineData("1a2b", false)] // the beginning of its id, which the engine takes for a name
    [InlineData("game:1", false)]
    [InlineData("team/game", false)]
    [InlineData("host:5000/team/game", false)]
    [InlineData("ghcr.io/library/game:latest", false)]
    [InlineData("ghcr.io/team/game@sha256:78", false)]
    public void IsOf_OnlyTheSameNameAndTag_Counts(string image, bool isSame) => Assert.Equal(isSame, ImageName.IsOf(s_found, image));
}
