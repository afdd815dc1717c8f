using System.Globalization;
using OrleansWings.Commands;
using OrleansWings.DataFolders;
using OrleansWings.Hosts;

namespace OrleansWings.Tests.DataFolders;

public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoFolder_MakesItForItsOwnerOnly()
    {
        var path = Path.Combine(_folder.Path, "a", "data");

        using var data = DataFolder.Open(path);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Open_SecondTime_NamesTheProcessThatHoldsIt()
    {
        using var first = DataFolder.Open(_folder.Path);

        var e = Assert.Throws<CannotStartException>(() => DataFolder.Open(_folder.Path));

        Assert.Equal($"The data folder {_folder.Path} is in use by another OrleansWings (process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}). Stop that one, or give this one a folder of its own with WINGS_DATA.", e.Message);
    }

    [Fact]
    public void Open_AfterTheFirstEnded_Works()
    {
        DataFolder.Open(_folder.Path).Dispose();
        DataFolder.Open(_folder.Path).Dispose();
    }

    [Fact]
    public void Open_FolderOfOtherFiles_IsRefusedAndUntouched()
    {
        _folder.Write("thesis.txt", "mine");
        File.SetUnixFileMode(_folder.Path, OwnerOnly | UnixFileMode.OtherRead);

        var e = Assert.Throws<CannotStartException>(() => DataFolder.Open(_folder.Path));

        Assert.Equal($"WINGS_DATA: {_folder.Path} holds other files and was not made by OrleansWings. Name a new or empty folder.", e.Message);
        Assert.Equal(OwnerOnly | UnixFileMode.OtherRead, File.GetUnixFileMode(_folder.Path));
    }

    [Fact]
    public void Open_PathIsAFile_SaysSo()
    {
        var file = _folder.Write("file", "");

        var e = Assert.Throws<CannotStartException>(() => DataFolder.Open(file));

        Assert.StartsWith($"The data folder {file} cannot be made: ", e.Message);
    }

    [Fact]
    public void Open_FullDisk_SaysSo()
    {
        // /proc takes no files, not even from root: the nearest thing to a disk that is full or read-only.
        var e = Assert.Throws<CannotStartException>(() => DataFolder.Open("/proc/orleans-wings"));

        Assert.StartsWith("The data folder /proc/orleans-wings cannot be made: ", e.Message);
    }

    [Theory]
    [InlineData("state.db", "this is not a database at all, but it is long enough")]
    [InlineData("host.db", "short")]
    public void Open_StateFileIsNotSqlite_SaysWhichAndLeavesIt(string name, string content)
    {
        var file = _folder.Write(name, content);

        var e = Assert.Throws<CannotStartException>(() => DataFolder.Open(_folder.Path));

        Assert.StartsWith($"The state file {file} is damaged (it is not an SQLite file). It was left as it is. Restore it from a backup; or ", e.Message);
        Assert.Equal(content, File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path).Where(f => f.Contains(name)));
    }

    [Fact]
    public void Open_StateFileWithADamagedPage_SaysWhichAndLeavesIt()
    {
        var file = Path.Combine(_folder.Path, "state.db");
        SqliteFiles.Create(file);
        var bytes = File.ReadAllBytes(file);
        Array.Fill(bytes, (byte)0xA5, 4_096, bytes.Length - 4_096);
        File.WriteAllBytes(file, bytes);

        var e = Assert.Throws<CannotStartException>(() => DataFolder.Open(_folder.Path));

        Assert.StartsWith($"The state file {file} is damaged (", e.Message);
        Assert.Equal(bytes, File.ReadAllBytes(file));
    }

    [Fact]
    public void Open_StateFileThatIsWhole_Passes()
    {
        SqliteFiles.Create(Path.Combine(_folder.Path, "state.db"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "host.db"), []);

        DataFolder.Open(_folder.Path).Dispose();
    }

    [Fact]
    public void KeepHostId_MachineIsRenamed_KeepsTheFirstName()
    {
        using (var data = DataFolder.Open(_folder.Path))
            Assert.Equal(new HostId("old"), data.KeepHostId(null, new HostId("old")));
        using (var data = DataFolder.Open(_folder.Path))
            Assert.Equal(new HostId("old"), data.KeepHostId(null, new HostId("new")));
    }

    [Fact]
    public void KeepHostId_AskedForAnotherName_IsRefused()
    {
        using var data = DataFolder.Open(_folder.Path);
        data.KeepHostId(new HostId("eu-1"), new HostId("x"));

        var e = Assert.Throws<CannotStartException>(() => data.KeepHostId(new HostId("eu-2"), new HostId("x")));

        Assert.Equal($"WINGS_HOST: 'eu-2' is not 'eu-1', the name that {_folder.Path} was made with and that its servers are assigned to. Leave it out, or use another WINGS_DATA.", e.Message);
    }
}
