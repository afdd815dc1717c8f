using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class HostLedgerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "host.db");

    public void Dispose() => _folder.Dispose();

    // Seconds at each opening; lost: the file is deleted before.
    [Theory]
    [InlineData(10, 20, false)]
    [InlineData(10, 20, true)]
    [InlineData(20, 10, false)]
    [InlineData(10, 10, false)]
    public async Task Incarnation_OfEachOpening_IsGreater(int first, int second, bool isLost)
    {
        long before;
        await using (var ledger = new HostLedger(File, At(first)))
            before = ledger.Incarnation;
        if (isLost)
            System.IO.File.Delete(File);

        await using var reopened = new HostLedger(File, At(second));
        Assert.True(reopened.Incarnation > before, $"{reopened.Incarnation} after {before}");

        static FakeTimeProvider At(int second) => new(ServerSamples.Now.AddSeconds(second));
    }

    [Fact]
    public async Task Save_AfterReopening_IsThere()
    {
        await using (var ledger = new HostLedger(File))
        {
            Assert.Empty(ledger.States);
            await ledger.SaveAsync(ServerSamples.In("running"));
            await ledger.SaveAsync(ServerSamples.In("stopping"));
            await ledger.SaveFactAsync("cluster-id", "a");
            await ledger.SaveFactAsync("cluster-id", "b");
        }

        await using var reopened = new HostLedger(File);
        var state = Assert.Single(reopened.States);
        Assert.Equal((ServerSamples.Id, PowerState.Stopping), (state.Assignment.Server, state.Power));
        Assert.Equal("b", reopened.ReadFact("cluster-id"));
        Assert.Null(reopened.ReadFact("another"));
    }

    [Fact]
    public async Task Append_MoreThanAreKept_TheNewestStay()
    {
        await using (var ledger = new HostLedger(File))
        {
            for (var i = 1; i <= 205; i++)
                await ledger.AppendAsync(ServerSamples.Id, Event($"{i}"));
            await ledger.SaveAsync(ServerSamples.In("running"), [Event("206"), Event("207")]);
            await ledger.AppendAsync(ServerId.New(), Event("another's"));
        }

        await using var reopened = new HostLedger(File);
        Assert.Equal(Enumerable.Range(8, 200).Reverse().Select(i => $"{i}"), reopened.ReadEvents(ServerSamples.Id).Select(happened => happened.Text));
        Assert.Equal(PowerState.Running, Assert.Single(reopened.States).Power);
        await reopened.ForgetAsync(ServerSamples.Id);
        Assert.Empty(reopened.ReadEvents(ServerSamples.Id));
    }

    [Fact]
    public async Task ReadEvents_OfEverythingThatAnEventHas_IsTheSame()
    {
        var full = new ServerEvent
        {
            At = ServerSamples.Now,
            Kind = ServerEventKind.Exit,
            Run = 3,
            Text = "It ended.",
            State = PowerState.Offline,
            Exit = new ServerExit(137, true, ServerSamples.Now, false),
            LastLines = ["a", "<b>"],
        };
        await using var ledger = new HostLedger(File);
        await ledger.AppendAsync(ServerSamples.Id, full);
        Assert.Equivalent(full, Assert.Single(ledger.ReadEvents(ServerSamples.Id)), strict: true);
    }

    private static ServerEvent Event(string text) => new() { At = ServerSamples.Now, Text = text };

    [Fact]
    public async Task Forget_AfterReopening_IsGone()
    {
        await using (var ledger = new HostLedger(File))
        {
            await ledger.SaveAsync(ServerSamples.In("offline"));
            await ledger.ForgetAsync(ServerSamples.Id);
        }

        await using var reopened = new HostLedger(File);
        Assert.Empty(reopened.States);
    }

    [Fact]
    public async Task Save_ManyAtOnce_AreAllOnDiskInOrder()
    {
        var servers = Enumerable.Range(0, 200).Select(_ => ServerId.New()).ToArray();
        await using (var ledger = new HostLedger(File))
        {
            var saves = from revision in Enumerable.Range(1, 20) from server in servers select ledger.SaveAsync(Of(server, revision));
            await Task.WhenAll(saves);
        }

        await using var reopened = new HostLedger(File);
        Assert.Equal(200, reopened.States.Count);
        Assert.All(reopened.States, state => Assert.Equal(20, state.Revision));
    }

    [Fact]
    public async Task Save_OnAClosedLedger_SaysSo()
    {
        var ledger = new HostLedger(File);
        await ledger.DisposeAsync();

        var e = await Assert.ThrowsAsync<LedgerException>(() => ledger.SaveAsync(ServerSamples.In("offline")));
        Assert.Equal("The host's ledger is closed.", e.Message);
    }

    [Fact]
    public async Task Save_OnAFullDisk_FailsAndLaterOnesWork()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A small disk can be made by root only.");
        var disk = Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk);
        try
        {
            var filler = Path.Combine(disk, "filler");
            await using (var ledger = new HostLedger(Path.Combine(disk, "host.db")))
            {
                await ledger.SaveAsync(ServerSamples.In("running"));
                Fill(filler);

                var big = ServerSamples.In("offline") with { Problem = new ServerProblem(new string('x', 100_000), ServerSamples.Now) };
                var failures = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Record.ExceptionAsync(() => ledger.SaveAsync(big)).AsTask()));
                Assert.All(failures, failure => Assert.StartsWith("The host's ledger could not be written: ", Assert.IsType<LedgerException>(failure).Message, StringComparison.Ordinal));

                System.IO.File.Delete(filler);
                await ledger.SaveAsync(ServerSamples.In("stopping"));
            }

            await using var reopened = new HostLedger(Path.Combine(disk, "host.db"));
            Assert.Equal(PowerState.Stopping, Assert.Single(reopened.States).Power);
        }
        finally
        {
            await RunAsync("umount", "-l", disk);
        }
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("null", "cannot be read: The entry is empty.")]
    [InlineData("""{"schema":1}""", "cannot be read")]
    [InlineData("""{"schema":1,"assignment":{"server":"x"}}""", "cannot be read")]
    public void Open_WithACorruptEntry_NamesTheServerAndKeepsIt(string document, string words)
    {
        Put(document);

        var e = Assert.Throws<LedgerException>(() => new HostLedger(File));

        Assert.StartsWith($"The host's ledger has an entry for server {ServerSamples.Id} that ", e.Message, StringComparison.Ordinal);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal(document, Read());
    }

    [Fact]
    public void Open_WithANewerSchema_RefusesIt()
    {
        Put(System.Text.Json.JsonSerializer.Serialize(ServerSamples.In("offline") with { Schema = 2 }, WingsJson.Options));

        var e = Assert.Throws<LedgerException>(() => new HostLedger(File));

        Assert.EndsWith("it has schema 2, written by a newer version than this one, which knows 1.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfAFileThatIsNoDatabase_NamesItAndKeepsIt()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5_000));

        var e = Assert.Throws<LedgerException>(() => new HostLedger(File));

        Assert.StartsWith($"The host's ledger {File} cannot be opened: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5_000), await System.IO.File.ReadAllTextAsync(File));
    }

    private static ServerState Of(ServerId server, long revision)
        => ServerSamples.In("offline") with { Assignment = ServerSamples.Assignment with { Server = server }, Revision = revision };

    private void Put(string document)
    {
        using var connection = SqliteFile.Open(File);
        SqliteFile.Execute(connection, "CREATE TABLE servers (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID");
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO servers VALUES ($id, $document)";
        command.Parameters.AddWithValue("$id", ServerSamples.Id.ToString());
        command.Parameters.AddWithValue("$document", document);
        command.ExecuteNonQuery();
    }

    private string? Read()
    {
        using var connection = SqliteFile.Open(File);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT document FROM servers";
        return command.ExecuteScalar() as string;
    }

    private static void Fill(string path)
    {
        using var file = System.IO.File.Create(path);
        var block = new byte[4096];
        try
        {
            while (file.Length < 1024 * 1024)
            {
                file.Write(block);
                file.Flush(flushToDisk: true);
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
