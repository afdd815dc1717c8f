using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class MountTextTests
{
    [Fact]
    public void Read_OfWhatIsWritten_IsTheSame()
    {
        MountSpec[] mounts = [new("/srv/maps", "/maps"), new("/srv/my worlds", "/worlds", IsReadOnly: false)];
        Assert.Equal("/srv/maps:/maps\n/srv/my worlds:/worlds:rw", MountText.Write(mounts));
        Assert.Equal(mounts, MountText.Read(MountText.Write(mounts).Split('\n'), out var faults));
        Assert.Empty(faults);
        Assert.Equal([new MountSpec("/a", "/b")], MountText.Read(["/a : /b:ro"], out _));
    }

    [Theory]
    [InlineData("/srv/maps")]
    [InlineData("/a:/b:rx")]
    [InlineData("/a:/b:ro:ro")]
    public void Read_WhatIsNoMount_NamesIt(string line)
    {
        Assert.Empty(MountText.Read([line], out var faults));
        Assert.Equal($"'{line}' is not a mount: write /srv/maps:/maps, and :rw behind it if it may be written.", Assert.Single(faults).Message);
    }
}
