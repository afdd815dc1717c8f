using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class IdentityFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private HostPaths Paths => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ensure_ByDefault_MountsAMachineIdOfTheServersOwn()
    {
        var mount = Assert.Single(Ensure(new DockerHostOptions()));

        Assert.Equal(("/etc/machine-id", true), (mount.Target, mount.IsReadOnly));
        Assert.Equal("0197e4a0000070008000000000000001\n", File.ReadAllText(mount.Source));
        Assert.Equal([mount], Ensure(new DockerHostOptions()));
    }

    [Fact]
    public void Ensure_SwitchedOff_MountsNothing() => Assert.Empty(Ensure(new DockerHostOptions { HasMachineId = false }));

    [Theory]
    [InlineData(988, 987, "root:x:0:0::/root:/bin/sh\ncontainer:x:988:987::/home/container:/bin/sh\n", "root:x:0:\ncontainer:x:987:\n")]
    [InlineData(0, 0, "container:x:0:0::/home/container:/bin/sh\n", "container:x:0:\n")]
    public void Ensure_UserFiles_NameTheUserInTheContainer(int user, int group, string passwd, string groups)
    {
        var mounts = Ensure(new DockerHostOptions { HasMachineId = false, HasUserFiles = true, Rootless = (user, group) });

        Assert.Equal(["/etc/passwd", "/etc/group"], mounts.Select(mount => mount.Target));
        Assert.Equal([passwd, groups], mounts.Select(mount => File.ReadAllText(mount.Source)));
        Assert.All(mounts, mount => Assert.True(File.GetUnixFileMode(mount.Source).HasFlag(UnixFileMode.OtherRead)));
    }

    [Fact]
    public void Ensure_OneThatTheServerMountsItself_IsLeftToIt()
        => Assert.Empty(Ensure(new DockerHostOptions(), new MountSpec("/srv/ids/one", "/etc/machine-id")));

    [Fact]
    public void Ensure_AfterAChange_AFreshFileTakesThePlace()
    {
        var options = new DockerHostOptions { HasMachineId = false, HasUserFiles = true };
        var before = Ensure(options)[0];
        using var held = File.OpenRead(before.Source);
        var after = Ensure(new DockerHostOptions { HasMachineId = false, HasUserFiles = true, UserId = 1_001 })[0];

        Assert.Equal(before.Source, after.Source);
        Assert.Contains(":1001:", File.ReadAllText(after.Source), StringComparison.Ordinal);
        // What a running container has mounted is the file as it was.
        Assert.Contains(":988:", new StreamReader(held).ReadToEnd(), StringComparison.Ordinal);
    }

    private IReadOnlyList<BindMount> Ensure(DockerHostOptions options, params MountSpec[] mounts)
        => IdentityFiles.Ensure(ServerSamples.Assignment with { Spec = ServerSamples.Spec with { Mounts = [.. mounts] } }, Paths, options);
}
