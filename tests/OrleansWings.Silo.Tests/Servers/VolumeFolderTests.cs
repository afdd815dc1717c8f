using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Folders;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Whose a volume is; folders that a game guarded against itself, and a program that is not root, as on a rootless engine.</summary>
public sealed class VolumeFolderTests : IDisposable
{
    private const int User = 23_456;

    // Where every user gets to: the tests' own folder may be root's alone.
    private readonly string _folder = Directory.CreateDirectory($"/var/tmp/orleans-wings-{Guid.NewGuid():N}").FullName;

    private string Volume => Path.Combine(_folder, "volume");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ensure_OfANewOrHalfMadeFolder_GivesItToTheContainersUser()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a folder away.");
        var path = Path.Combine(_folder, "volumes", "one");
        Directory.CreateDirectory(path);

        await VolumeFolder.EnsureAsync(path, new DockerHostOptions().OnMachine(null), null, CancellationToken.None);
        await VolumeFolder.EnsureAsync(path + "-new", new DockerHostOptions { UserId = 1000, GroupId = 1001 }.OnMachine(null), null, CancellationToken.None);

        Assert.Equal("988:988", await StatAsync("%u:%g", path));
        Assert.Equal("1000:1001 700", await StatAsync("%u:%g %a", path + "-new"));
    }

    [Fact]
    public async Task Ensure_OfAFolderThatWasAnothers_GivesAllThatIsInIt_AndNothingThatLinksLeadTo()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a folder away.");
        var (path, outside) = (Path.Combine(_folder, "volumes", "one"), Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName);
        Directory.CreateDirectory(Path.Combine(path, "a", "b"));
        await File.WriteAllTextAsync(Path.Combine(path, "a", "b", "world"), "");
        File.CreateSymbolicLink(Path.Combine(path, "a", "out"), outside);

        var told = 0;
        Assert.True(await VolumeFolder.EnsureAsync(path, (300_988, 300_989), () => told++, CancellationToken.None));
        Assert.Equal(1, told);
        foreach (var inner in (string[])["", "a", "a/b", "a/b/world", "a/out"])
            Assert.Equal("300988:300989", await StatAsync("%u:%g", Path.Combine(path, inner)));
        Assert.Equal("0:0", await StatAsync("%u:%g", outside));

        // A hundred folders are gone down into, and what is not reached is said.
        Directory.CreateDirectory(Path.Combine(path, string.Join('/', Enumerable.Repeat("d", 120))));
        Assert.False(await VolumeFolder.EnsureAsync(path, (300_990, 300_990), null, CancellationToken.None));
        Assert.True(await VolumeFolder.EnsureAsync(path, (300_988, 300_989), null, CancellationToken.None) is false);

        // Given already: what somebody has put in it since is not looked for.
        await File.WriteAllTextAsync(Path.Combine(path, "mine"), "");
        Assert.True(await VolumeFolder.EnsureAsync(path, (300_988, 300_989), null, CancellationToken.None));
        Assert.Equal("0:0", await StatAsync("%u:%g", Path.Combine(path, "mine")));
    }

    [Theory]
    [InlineData("", true, 300_988)]
    [InlineData("", false, 988)]
    [InlineData("host", true, 988)]
    public void OnMachine_PerEngine_IsWhoTheGameIsThere(string mode, bool isRemapped, int user)
    {
        var engine = new FakeContainerEngine().Facts with { RemappedRoot = isRemapped ? (300_000, 300_000) : null };
        Assert.Equal((user, user), new DockerHostOptions { UsernsMode = mode }.OnMachine(engine));
        Assert.Null(new DockerHostOptions { UsernsMode = mode, Rootless = (0, 0) }.OnMachine(engine));
    }

    [Fact]
    public void Remove_FoldersThatNobodyMayWriteIn_AreRemovedAndNoLinkIsFollowed()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "kept"), "");
        Directory.CreateDirectory(Path.Combine(Volume, "a", "b"));
        File.WriteAllText(Path.Combine(Volume, "a", "b", "world"), "");
        File.CreateSymbolicLink(Path.Combine(Volume, "a", "out"), outside);
        foreach (var closed in (string[])["a/b", "a", ""])
            File.SetUnixFileMode(Path.Combine(Volume, closed), UnixFileMode.None);
        File.SetUnixFileMode(outside, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        AsUser(() => VolumeFolder.Remove(Volume));

        Assert.False(Directory.Exists(Volume));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(outside));
        Assert.True(File.Exists(Path.Combine(outside, "kept")));
    }

    [Fact]
    public void Remove_FolderThatMayBeReadAndNotWritten_WithNothingButFoldersInIt_IsRemoved()
    {
        Directory.CreateDirectory(Path.Combine(Volume, "a", "b"));
        File.SetUnixFileMode(Path.Combine(Volume, "a"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        AsUser(() => VolumeFolder.Remove(Volume));

        Assert.False(Directory.Exists(Volume));
    }

    [Fact]
    public async Task Remove_NamesThatAreNoText_AndFoldersDeeperThanAPathCanBe_AreRemoved()
    {
        Directory.CreateDirectory(Path.Combine(Volume, "many"));
        await HostCommand.RunAsync(
            "perl",
            ["-e", "chdir shift or die; for my $name (\"\\xE9\", \"\\xFF\\xFE\", \"a\\nb\") { mkdir $name or die; open(my $file, '>', \"$name/\\x80\") or die } "
                + "for (1..3000) { open(my $file, '>', \"many/$_\") or die } for (1..400) { my $name = 'x' x 200; mkdir $name or die; chdir $name or die } open(my $file, '>', 'deep') or die", Volume],
            TestContext.Current.CancellationToken);

        VolumeFolder.Remove(Volume);

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Remove_OfALink_LeavesWhatItLeadsTo()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName, "kept"), "");
        File.CreateSymbolicLink(Volume, Path.Combine(_folder, "outside"));

        VolumeFolder.Remove(Volume);

        Assert.False(Path.Exists(Volume));
        Assert.True(File.Exists(Path.Combine(_folder, "outside", "kept")));
    }

    [Fact]
    public void Move_FolderThatNobodyMayWriteIn_IsMovedWithWhatIsInIt()
    {
        Directory.CreateDirectory(Path.Combine(Volume, "a"));
        Directory.CreateDirectory(Path.Combine(_folder, "trash"));
        File.SetUnixFileMode(Volume, UnixFileMode.UserRead);

        AsUser(() => VolumeFolder.Move(Volume, Path.Combine(_folder, "trash", "volume")));

        Assert.True(Directory.Exists(Path.Combine(_folder, "trash", "volume", "a")));
    }

    [Fact]
    public void Remove_NothingThere_IsNoError() => VolumeFolder.Remove(Volume);

    private void AsUser(Action action)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can be somebody else.");
        using (new FileUser(User, _folder))
            action();
    }

    private static Task<string> StatAsync(string format, string path) => HostCommand.RunAsync("stat", ["-c", format, path], TestContext.Current.CancellationToken);
}
