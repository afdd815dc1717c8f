using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Certificates;
using OrleansWings.Commands;
using OrleansWings.Settings;

namespace OrleansWings.Tests.Certificates;

/// <summary>What a person at the terminal types and sees.</summary>
public sealed class CertificateCommandsTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly (TextWriter Out, TextWriter Error) _real = (Console.Out, Console.Error);
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly FakeTimeProvider _time = new(s_now);

    public CertificateCommandsTests()
    {
        Console.SetOut(_out);
        Console.SetError(_error);
    }

    private string Ca => Path.Combine(_folder.Path, "ca");

    private string Eu1 => Path.Combine(_folder.Path, "eu-1");

    public void Dispose()
    {
        Console.SetOut(_real.Out);
        Console.SetError(_real.Error);
        _out.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ca_NewFolder_HasACaOfTenYearsWithAPrivateKey()
    {
        Assert.Equal(0, await RunAsync("ca", Ca));

        Assert.StartsWith($"The fleet's CA is in {Ca}, valid until 2036-03-01. Whoever has ca.key can add machines", _out.ToString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Ca, "ca.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Ca));
    }

    [Theory]
    [InlineData("ca.pem")]
    [InlineData("ca.key")]
    public async Task Ca_FolderThatHasOne_IsNotTouched(string name)
    {
        var file = _folder.Write(name, "precious");

        Assert.Equal(1, await RunAsync("ca", _folder.Path));

        Assert.Equal($"{file} is there already. A new CA would lock out every machine of the old one; name another folder.\n", _error.ToString());
        Assert.Equal("precious", File.ReadAllText(file));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("host", "WINGS_ROLE=host\n    WINGS_HOST=eu-1\n    WINGS_CERTIFICATES=FOLDER")]
    [InlineData("control", "WINGS_ROLE=control\n    WINGS_HOST=eu-1\n    WINGS_CERTIFICATES=FOLDER")]
    [InlineData("client", "new FleetIdentity(CertificateKind.Client, \"eu-1\")")]
    [InlineData("redis", "tls-cert-file FOLDER/certificate.pem")]
    public async Task Issue_EachKind_IsWrittenAndTheNextStepSaid(string kind, string next)
    {
        await RunAsync("ca", Ca);

        Assert.Equal(0, await RunAsync(kind, "eu-1", "--ca", Ca, "--out", Eu1, "--address", "10.0.0.1", "--address", "eu-1.example"));

        Assert.Contains($"The certificate of {kind}:eu-1 is in {Eu1}, valid until 2028-02-29.", _out.ToString());
        Assert.Contains(next, _out.ToString());
        Assert.Equal(["ca.pem", "certificate.pem", "key.pem"], Directory.EnumerateFiles(Eu1).Select(Path.GetFileName).Order());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Eu1, "key.pem")));
        var self = new FleetIdentity(Enum.Parse<CertificateKind>(kind, ignoreCase: true), "eu-1");
        var certificate = CertificateFiles.ReadAll(Path.Combine(Eu1, "certificate.pem"))[0];
        Assert.Equal(self, FleetIdentity.Of(certificate));
        Assert.True(certificate.MatchesHostname("10.0.0.1"));
        Assert.True(certificate.MatchesHostname("eu-1.example"));
        if (self.Kind != CertificateKind.Redis)
            Assert.Equal(s_now.AddDays(730), FleetCertificates.Load(Eu1, self, _time).ExpiresAt);
    }

    [Fact]
    public async Task Issue_SameNameAgain_Renews()
    {
        await RunAsync("ca", Ca);
        await RunAsync("host", "eu-1", "--ca", Ca, "--out", Eu1);
        _time.Advance(TimeSpan.FromDays(700));

        Assert.Equal(0, await RunAsync("host", "eu-1", "--ca", Ca, "--out", Eu1, "--days", "90"));

        Assert.Equal(s_now.AddDays(790), FleetCertificates.Load(Eu1, new(CertificateKind.Host, "eu-1"), _time).ExpiresAt);
    }

    [Fact]
    public async Task Issue_FolderOfAnother_IsNotTouched()
    {
        await RunAsync("ca", Ca);
        await RunAsync("host", "eu-1", "--ca", Ca, "--out", Eu1);

        Assert.Equal(1, await RunAsync("host", "eu-2", "--ca", Ca, "--out", Eu1));

        Assert.Equal($"{Eu1}/certificate.pem is there already and is not the one of host:eu-2. Name another folder with --out.\n", _error.ToString());
    }

    [Fact]
    public async Task Issue_IntoTheCasFolder_IsRefused()
    {
        await RunAsync("ca", Ca);

        Assert.Equal(1, await RunAsync("host", "eu-1", "--ca", Ca, "--out", Ca + "/"));

        Assert.Equal($"'{Ca}/' is the CA's own folder, and its key must not be copied to a machine. Name another one with --out.\n", _error.ToString());
    }

    [Fact]
    public async Task Issue_LongerThanTheCa_SaysUntilWhen()
    {
        await RunAsync("ca", Ca);
        _time.Advance(TimeSpan.FromDays(3_600));

        Assert.Equal(1, await RunAsync("host", "eu-1", "--ca", Ca, "--out", Eu1));

        Assert.Equal("--days: 730 days are longer than the CA lives, until 2036-03-01.\n", _error.ToString());
    }

    [Theory]
    [InlineData("The name is missing: orleans-wings certificates host NAME --out FOLDER", "host")]
    [InlineData("The name is missing: orleans-wings certificates host NAME --out FOLDER", "host", "--out", "x")]
    [InlineData("'EU 1' is not a name. Use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.", "host", "EU 1", "--out", "x")]
    [InlineData("--out is missing: name the folder that the certificate is written to.", "host", "eu-1")]
    [InlineData("--out needs a value behind it.", "host", "eu-1", "--out")]
    [InlineData("--ca needs a value behind it.", "host", "eu-1", "--ca", "--out", "x")]
    [InlineData("'--output' is not understood here. Use --ca FOLDER, --out FOLDER, --address ADDRESS and --days N.", "host", "eu-1", "--output", "x")]
    [InlineData("--address: 'not an address' is neither an IP address nor a DNS name.", "host", "eu-1", "--address", "not an address", "--out", "x")]
    [InlineData("--days: '0' is not a number of days from 1 to 3650.", "host", "eu-1", "--days", "0", "--out", "x")]
    [InlineData("--days: 'two' is not a number of days from 1 to 3650.", "host", "eu-1", "--days", "two", "--out", "x")]
    [InlineData("--address is missing: name each IP address and DNS name by which the fleet connects to Redis.", "redis", "store", "--out", "x")]
    [InlineData("/nowhere/ca.pem: is missing. 'orleans-wings certificates' makes it.", "host", "eu-1", "--ca", "/nowhere", "--out", "x")]
    [InlineData("orleans-wings certificates: 'boss' is not understood. Try 'orleans-wings certificates --help'.", "boss")]
    [InlineData("orleans-wings certificates: '1' is not understood. Try 'orleans-wings certificates --help'.", "1", "eu-1")]
    [InlineData("Name one folder: orleans-wings certificates ca FOLDER", "ca")]
    [InlineData("Name one folder: orleans-wings certificates show FOLDER", "show", "a", "b")]
    [InlineData("/nowhere/certificate.pem: is missing. 'orleans-wings certificates' makes it.", "show", "/nowhere")]
    public async Task Run_MistypedOrMissing_IsOneLine(string fault, params string[] args)
    {
        Assert.Equal(1, await RunAsync(args));

        Assert.Equal(fault + "\n", _error.ToString());
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public async Task Show_GoodFolder_SaysEverything()
    {
        await RunAsync("ca", Ca);
        await RunAsync("redis", "store", "--ca", Ca, "--address", "10.0.0.1", "--out", Eu1);
        _out.GetStringBuilder().Clear();

        Assert.Equal(0, await RunAsync("show", Eu1));

        Assert.Matches("""
            ^kind:    redis
            name:    store
            valid:   from 2026-02-28 12:00 UTC to 2028-02-29 12:00 UTC, 730 days left
            issuer:  CN=OrleansWings CA [0-9a-f]{8}
            The key fits, and the certificate is signed by the CA beside it.
            $
            """.TrimEnd(), _out.ToString());
    }

    [Fact]
    public async Task Show_EverythingWrong_SaysAllOfIt()
    {
        await RunAsync("ca", Ca);
        await RunAsync("ca", Path.Combine(_folder.Path, "ca2"));
        await RunAsync("host", "eu-1", "--ca", Ca, "--out", Eu1);
        File.Copy(Path.Combine(_folder.Path, "ca2", "ca.pem"), Path.Combine(Eu1, "ca.pem"), overwrite: true);
        File.SetUnixFileMode(Path.Combine(Eu1, "key.pem"), (UnixFileMode)0b110_100_100);

        Assert.Equal(1, await RunAsync("show", Eu1));

        Assert.Contains("name:    eu-1", _error.ToString());
        Assert.Contains("other users of this machine may read or change it", _error.ToString());
        Assert.Contains("is not signed by this fleet's CA", _error.ToString());
    }

    [Fact]
    public async Task Show_TheCasFolder_SaysThatItIsOne()
    {
        await RunAsync("ca", Ca);
        _out.GetStringBuilder().Clear();

        Assert.Equal(0, await RunAsync("show", Ca));

        Assert.Equal("kind:    ca\nvalid:   to 2036-03-01 12:00 UTC\nThe key fits.\n", _out.ToString());
    }

    [Fact]
    public async Task Program_CertificatesCommand_NeedsNoSettings()
    {
        var machine = new WingsMachine
        {
            MachineName = "here",
            IsRoot = false,
            HomeFolder = "/nowhere",
            Environment = ImmutableDictionary<string, string>.Empty.Add("WINGS_ROLE", "boss"),
        };

        Assert.Equal(0, await WingsCommands.RunAsync(["certificates", "ca", Ca], machine));
    }

    private Task<int> RunAsync(params string[] args) => CertificateCommands.RunAsync(args, _time);
}
