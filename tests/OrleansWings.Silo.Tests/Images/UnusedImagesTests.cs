using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Images;

namespace OrleansWings.Silo.Tests.Images;

public sealed class UnusedImagesTests
{
    [Theory]
    [InlineData("game:1", "game:1", false)]
    [InlineData("game:latest", "game", false)]
    [InlineData("game:latest", "~game", false)]
    [InlineData("host:5000/game:latest", "host:5000/game", false)]
    [InlineData("itzg/game:latest", "docker.io/itzg/game", false)]
    [InlineData("game:1", "index.docker.io/library/game:1", false)]
    [InlineData("ghcr.io/library/game:1", "library/game:1", true)]
    [InlineData("game:1", "game:2", true)]
    [InlineData("game:1", "other/game:1", true)]
    public void Of_WhatAServerWishes_IsKept(string stored, string wished, bool isUnused)
        => Assert.Equal(isUnused ? 1 : 0, UnusedImages.Of([new StoredImage("sha256:a", [stored], 5, IsUsed: false)], [wished]).Length);

    [Theory]
    [InlineData("game@sha256:12", "docker.io/library/game@sha256:12", 0)]
    [InlineData("game@sha256:12", "game@sha256:13", 1)]
    public void Of_WhatIsWishedByItsDigest_IsKept(string digest, string wished, int unused)
        => Assert.Equal(unused, UnusedImages.Of([new StoredImage("sha256:a", [], 5, IsUsed: false) { Digests = [digest] }], [wished]).Length);

    [Fact]
    public void Of_WhatAContainerIsMadeOf_IsKept()
        => Assert.Empty(UnusedImages.Of([new StoredImage("sha256:a", ["game:1"], 5, IsUsed: true)], []));

    [Fact]
    public void Of_WhatANewerBuildHasPushedAside_IsUnused()
    {
        var image = Assert.Single(UnusedImages.Of([new StoredImage("sha256:a", [], 5, IsUsed: false)], ["game:1"]));
        Assert.Equal(("sha256:a", 0, 5L), (image.Id, image.Names.Length, image.SizeBytes));
    }

    [Fact]
    public void Of_OneOfItsNamesIsWished_IsKept()
        => Assert.Empty(UnusedImages.Of([new StoredImage("sha256:a", ["old:1", "game:1"], 5, IsUsed: false)], ["game:1"]));
}
