using System.Text;
using OrleansWings.Silo.Storage.Backups;

namespace OrleansWings.Silo.Tests.Storage.Backups;

/// <summary>The file of a backup: whole and understood, or named for what it is.</summary>
public sealed class BackupFileTests
{
    private static readonly BackupHeader s_header = new() { Program = "1.2.3", At = DateTimeOffset.UnixEpoch, Source = "one machine, here", Host = "here" };

    private static readonly BackupEntry[] s_entries =
    [
        Entry("fleet", "0", """{"schema":1,"clusterId":"0197e4a0-0000-7000-8000-000000000001","hosts":["here"]}"""),
        Entry("host", "here", """{ "schema": 1, "ofANewerVersion" : [ 1,2 ] }"""),
        Entry("record", "a", "not JSON\n\n"),
        Entry("record", "b", ""),
        Entry("users", "", """{"schema":1,"users":[]}"""),
    ];

    [Fact]
    public void Read_WhatWasWritten_IsTheSameByteForByte()
    {
        var read = BackupFile.Read(Write(), "f");

        Assert.Equal(("1.2.3", DateTimeOffset.UnixEpoch, "one machine, here", "here"), (read.Header.Program, read.Header.At, read.Header.Source, read.Header.Host));
        Assert.Equal(new Guid("0197e4a0-0000-7000-8000-000000000001"), read.Header.Installation);
        Assert.Empty(BackupContent.Differences(s_entries, read.Entries));
        Assert.Equal("1 fleet, 1 host, 2 record, the users", read.Words);
        Assert.Equal(["record/a", "record/b"], read.Damaged);
        Assert.Equal(s_entries[^1].Payload, read.Users);
    }

    [Fact]
    public void Write_FirstLine_SaysWhatItIs()
        => Assert.Equal(
            """{"orleansWingsBackup":1,"program":"1.2.3","at":"1970-01-01T00:00:00+00:00","installation":"0197e4a0-0000-7000-8000-000000000001","source":"one machine, here","host":"here","counts":{"fleet":1,"host":1,"record":2,"users":1}}""",
            Encoding.UTF8.GetString(Write()).Split('\n')[0]);

    [Fact]
    public void Read_WithoutAnything_IsABackupOfNothing()
        => Assert.Empty(BackupFile.Read(Write([]), "f").Entries);

    [Fact]
    public void Read_CutShortAnywhere_IsNamedAsThat()
    {
        var file = Write();

        for (var length = 0; length < file.Length; length++)
        {
            var cut = file[..length];
            var message = Assert.Throws<BackupException>(() => BackupFile.Read(cut, "f")).Message;
            Assert.Contains(length < 22 ? "f is not a backup of OrleansWings." : "f is not whole: ", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_AnyByteChanged_NothingIsReadFromIt()
    {
        var file = Write();

        for (var i = 0; i < file.Length; i++)
        {
            var changed = file.ToArray();
            changed[i] ^= 1;
            Assert.Throws<BackupException>(() => BackupFile.Read(changed, "f"));
        }
    }

    [Fact]
    public void Read_SomethingBehindIt_IsNotWhole()
        => Assert.Contains("not whole", Assert.Throws<BackupException>(() => BackupFile.Read([.. Write(), (byte)'\n'], "f")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("SQLite format 3\0")]
    [InlineData("{\"servers\":[]}\n")]
    public void Read_AnotherFile_IsNoBackup(string text)
        => Assert.Equal("f is not a backup of OrleansWings.", Assert.Throws<BackupException>(() => BackupFile.Read(Encoding.UTF8.GetBytes(text), "f")).Message);

    [Fact]
    public void Read_NewerFormat_NamesTheVersionThatWroteIt()
        => Assert.Equal(
            "f has format 2, which this version of the program does not know. Restore it with the version that wrote it (9.0).",
            Assert.Throws<BackupException>(() => BackupFile.Read("{\"orleansWingsBackup\":2,\"program\":\"9.0\",\"all\":\"different\"}\nand so on"u8, "f")).Message);

    [Theory]
    [InlineData("{\"orleansWingsBackup\":}\nx")]
    [InlineData("{\"orleansWingsBackup\":\"1\"}\nx")]
    [InlineData("{\"orleansWingsBackup\":1.5}\nx")]
    public void Read_FirstLineWithoutSense_IsNotWhole(string text)
        => Assert.Contains("f is not whole", Assert.Throws<BackupException>(() => BackupFile.Read(Encoding.UTF8.GetBytes(text), "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void Taken_StateOfANewerVersion_IsRefusedByName()
        => Assert.Contains("a state 'egg' that this version does not know", Assert.Throws<BackupException>(() => BackupContent.Taken(s_header, [Entry("egg", "1", "{}")])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"schema":1}""", 1)]
    [InlineData("""{"schema":2,"x":1}""", 2)]
    [InlineData("""{"x":1}""", null)]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("", null)]
    public void FindSchema_WhatIsStored_SaysItsForm(string payload, int? schema) => Assert.Equal(schema, Entry("record", "a", payload).FindSchema());

    [Fact]
    public void Differences_MissingChangedAndMore_AreNamed()
    {
        BackupEntry[] other = [s_entries[0], Entry("host", "here", "{}"), s_entries[2], s_entries[4], Entry("job", "j", "{}")];

        Assert.Equal(["host/here", "job/j", "record/b"], BackupContent.Differences(s_entries, other));
    }

    private static BackupEntry Entry(string kind, string key, string payload) => new(kind, key, Encoding.UTF8.GetBytes(payload));

    private static byte[] Write(BackupEntry[]? entries = null)
    {
        using var stream = new MemoryStream();
        Assert.Equal(BackupFile.Write(stream, BackupContent.Taken(s_header, entries ?? s_entries)), stream.Length);
        return stream.ToArray();
    }
}
