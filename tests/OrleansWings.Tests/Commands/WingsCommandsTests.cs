using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansWings.Commands;
using OrleansWings.DataFolders;
using OrleansWings.Settings;

namespace OrleansWings.Tests.Commands;

/// <summary>What a person at the terminal sees: one line per fault, exit code 1, no stack trace.</summary>
public sealed class WingsCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _realError = Console.Error;
    private readonly StringWriter _error = new();

    public WingsCommandsTests() => Console.SetError(_error);

    public void Dispose()
    {
        Console.SetError(_realError);
        _error.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_UnknownArgument_SaysSo()
    {
        Assert.Equal(1, await RunAsync(["--port", "80"]));

        Assert.Equal("orleans-wings: '--port 80' is not understood. Try 'orleans-wings --help'.\n", _error.ToString());
    }

    [Fact]
    public async Task Run_FaultySettings_SaysAllAndStartsNothing()
    {
        Assert.Equal(1, await RunAsync([], ("WINGS_ROLE", "boss"), ("WINGS_DEMOS", "true")));

        Assert.Equal("""
            WINGS_DEMOS: this is not a setting. Did you mean WINGS_DEMO?
            WINGS_ROLE: 'boss' is not a role. Use all, host or control.

            """, _error.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Check_AnotherMachinesCertificate_SaysWhatTheStartWould()
    {
        var (ca, papers) = (Path.Combine(_folder.Path, "ca"), Path.Combine(_folder.Path, "eu-1"));
        Assert.Equal(0, await RunAsync(["certificates", "ca", ca]));
        Assert.Equal(0, await RunAsync(["certificates", "host", "eu-1", "--ca", ca, "--out", papers]));
        (string, string)[] settings = [("WINGS_ROLE", "host"), ("WINGS_REDIS", "redis://127.0.0.1:1"), ("WINGS_CERTIFICATES", papers)];

        Assert.Equal(0, await RunAsync(["check"], [.. settings, ("WINGS_HOST", "eu-1")]));
        Assert.Equal(1, await RunAsync(["check"], [.. settings, ("WINGS_HOST", "eu-2")]));

        Assert.StartsWith("WINGS_CERTIFICATES: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("host:eu-1", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Check_WithoutHost_ReadsTheCertificateOfTheNameThatTheStartTakes()
    {
        var (ca, papers) = (Path.Combine(_folder.Path, "ca"), Path.Combine(_folder.Path, "papers"));
        Assert.Equal(0, await RunAsync(["certificates", "ca", ca]));
        Assert.Equal(0, await RunAsync(["certificates", "host", "here", "--ca", ca, "--out", papers]));
        (string, string)[] settings = [("WINGS_ROLE", "host"), ("WINGS_REDIS", "redis://127.0.0.1:1"), ("WINGS_CERTIFICATES", papers)];

        // The machine's name is "here"; what the data folder keeps goes before it.
        Assert.Equal(0, await RunAsync(["check"], settings));
        _folder.Write("host-id", "eu-1\n");
        Assert.Equal(1, await RunAsync(["check"], settings));

        Assert.StartsWith("WINGS_CERTIFICATES: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("host:eu-1", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Check_AnotherNameThanTheDataFolders_SaysWhatTheStartWould()
    {
        _folder.Write("host-id", "eu-1\n");

        Assert.Equal(1, await RunAsync(["check"], ("WINGS_HOST", "eu-2")));

        Assert.StartsWith("WINGS_HOST: 'eu-2' is not 'eu-1'", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["host-id"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Run_DataFolderInUse_SaysByWhom()
    {
        using var other = DataFolder.Open(_folder.Path);

        Assert.Equal(1, await RunAsync([]));

        Assert.StartsWith($"The data folder {_folder.Path} is in use by another OrleansWings (process ", _error.ToString());
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Run_StateFileIsDamaged_SaysWhich()
    {
        var file = _folder.Write("state.db", "no database");

        Assert.Equal(1, await RunAsync([]));

        Assert.StartsWith($"The state file {file} is damaged", _error.ToString());
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"schema":1,"assignment":null}""")]
    [InlineData("""{"schema":1,"assignment":{"server":"0197e4a0-0000-7000-8000-000000000001","host":"here","spec":null}}""")]
    [InlineData("""{"schema":1,"assignment":{"server":"0197e4a0-0000-7000-8000-000000000001","host":"here","spec":{"name":"N","image":null,"startup":"s"}}}""")]
    public async Task Run_LedgerEntryIsDamaged_SaysWhichInOneLine(string document)
    {
        using (var ledger = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "host.db")};Pooling=False"))
        {
            ledger.Open();
            using var write = ledger.CreateCommand();
            write.CommandText = "CREATE TABLE servers (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID; INSERT INTO servers VALUES ('one', $document)";
            write.Parameters.AddWithValue("$document", document);
            write.ExecuteNonQuery();
        }

        Assert.Equal(1, await RunAsync([]));

        Assert.StartsWith("The host's ledger has an entry for server one that cannot be read", _error.ToString());
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Run_CookieKeyIsDamaged_SaysWhichAndLeavesIt()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "keys"));
        _folder.Write("host-id", "here\n");
        var file = _folder.Write("keys/key-1.xml", "");

        Assert.Equal(1, await RunAsync([]));

        Assert.StartsWith($"The cookies' key {file} cannot be read: ", _error.ToString());
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task ResetPassword_WithoutFile_SaysWhatIsMissing()
    {
        Assert.Equal(1, await RunAsync(["reset-password"]));

        Assert.Equal("WINGS_ADMIN_PASSWORD_FILE: it is missing. Write the new password into a file and name that here.\n", _error.ToString());
    }

    [Fact]
    public async Task ResetPassword_WithFile_OnlyTheNewPasswordSignsIn()
    {
        await (await RunningProgram.StartAsync(_folder.Path)).DisposeAsync();
        using var secrets = new TemporaryFolder();

        Assert.Equal(0, await RunAsync(["reset-password"], ("WINGS_ADMIN_PASSWORD_FILE", secrets.Write("new", "my new password\n"))));

        await using var program = await RunningProgram.StartAsync(_folder.Path, password: null);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await program.SignInAsync()).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await program.SignInAsync("my new password")).StatusCode);
    }

    private Task<int> RunAsync(string[] args, params (string Name, string Value)[] environment) => WingsCommands.RunAsync(args, new WingsMachine
    {
        MachineName = "here",
        IsRoot = true,
        HomeFolder = "/root",
        Environment = environment.Append(("WINGS_DATA", _folder.Path)).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2),
    });
}
