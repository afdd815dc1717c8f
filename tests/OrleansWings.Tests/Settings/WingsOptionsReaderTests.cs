using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Settings;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Tests.Settings;

/// <summary>The minimal valid set, then one fault per test with the exact message.</summary>
public sealed class WingsOptionsReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryRead_NothingSet_GivesDefaults()
    {
        var options = Read();

        Assert.Equal(WingsRole.All, options.Role);
        Assert.Equal("http://127.0.0.1:8080", options.Urls.Single().ToString());
        Assert.Equal("/var/lib/orleans-wings", options.DataFolder);
        Assert.Null(options.Host);
        Assert.Equal(new HostId("build-01-example"), options.DefaultHost);
        Assert.Equal(new Uri("unix:///var/run/docker.sock"), options.Engine);
        Assert.Null(options.AdminPassword);
        Assert.Equal(LogLevel.Information, options.LogLevel);
        Assert.False(options.HasDemo);
        Assert.False(options.SendsTelemetry);
    }

    [Fact]
    public void TryRead_NotRoot_DataFolderIsInHome()
    {
        var machine = Machine() with { IsRoot = false, HomeFolder = "/home/kim" };

        Assert.True(WingsOptionsReader.TryRead(machine, out var options, out _));
        Assert.Equal("/home/kim/.local/share/orleans-wings", options.DataFolder);
    }

    [Fact]
    public void TryRead_EverythingSet_GivesIt()
    {
        var password = _folder.Write("password", "correct horse\n");

        var options = Read(
            ("WINGS_ROLE", "all"), ("WINGS_URLS", "http://localhost:9000; http://[::1]:9001"), ("WINGS_DATA", "/srv/wings/"),
            ("WINGS_HOST", "eu-1"), ("WINGS_CERTIFICATES", "/etc/wings/"), ("WINGS_ENGINE", "tcp://127.0.0.1:2375"), ("WINGS_ADMIN_PASSWORD_FILE", password),
            ("WINGS_LOG_LEVEL", "debug"), ("WINGS_DEMO", "true"), ("WINGS_DEMO_IMAGE", "~game:1"),
            ("WINGS_HOSTS", "Games.example; games.example:8443"), ("WINGS_PROXIES", "127.0.0.1;10.0.0.0/8"), ("WINGS_PUBLIC_ADDRESS", "203.0.113.7"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"));

        Assert.Equal(["http://localhost:9000", "http://[::1]:9001"], options.Urls.Select(url => url.ToString()));
        Assert.Equal("/srv/wings", options.DataFolder);
        Assert.Equal(new HostId("eu-1"), options.Host);
        Assert.Equal("/etc/wings", options.CertificatesFolder);
        Assert.Equal(new Uri("tcp://127.0.0.1:2375"), options.Engine);
        Assert.Equal("correct horse", options.AdminPassword);
        Assert.Equal(LogLevel.Debug, options.LogLevel);
        Assert.True(options.HasDemo);
        Assert.Equal("~game:1", options.DemoImage);
        Assert.Equal(["games.example", "games.example:8443"], options.Hosts);
        Assert.Equal(["127.0.0.1/32", "10.0.0.0/8"], options.Proxies.Select(proxy => proxy.ToString()));
        Assert.Equal("203.0.113.7", options.PublicAddress);
        Assert.True(options.SendsTelemetry);
    }

    [Fact]
    public void TryRead_WingsEngineAndDockerHost_WingsEngineWins()
        => Assert.Equal(new Uri("unix:///a"), Read(("WINGS_ENGINE", "unix:///a"), ("DOCKER_HOST", "unix:///b")).Engine);

    [Fact]
    public void TryRead_DockerHostOnly_IsTheEngine()
        => Assert.Equal(new Uri("unix:///b"), Read(("DOCKER_HOST", "unix:///b")).Engine);

    [Fact]
    public void TryRead_OtherProgramsAndTestVariables_AreNotOurs()
        => Read(("PATH", "/bin"), ("WINGSPAN", "3 m"), ("WINGS_TEST_ENGINE", "unix:///x"));

    [Fact]
    public void TryRead_PlainHttpAllowed_TakesOpenAddress()
        => Assert.Equal("0.0.0.0", Read(("WINGS_URLS", "http://0.0.0.0:80"), ("WINGS_ALLOW_PLAIN_HTTP", "true")).Urls.Single().Host);

    [Fact]
    public void TryRead_SettingsFile_IsReadAndEnvironmentWins()
    {
        var file = _folder.Write("settings.json", """
            {
              // an operator's note
              "WINGS_HOST": "from-file",
              "WINGS_DEMO": true,
              "WINGS_LOG_LEVEL": "Warning",
            }
            """);

        var options = Read(("WINGS_CONFIG", file), ("WINGS_HOST", "from-environment"));

        Assert.Equal(new HostId("from-environment"), options.Host);
        Assert.True(options.HasDemo);
        Assert.Equal(LogLevel.Warning, options.LogLevel);
    }

    [Theory]
    [InlineData("single-host.json", WingsRole.All, "http://127.0.0.1:8080")]
    [InlineData("fleet-control.json", WingsRole.Control, "http://127.0.0.1:8080")]
    [InlineData("fleet-host.json", WingsRole.Host, "http://127.0.0.1:8081")]
    internal void TryRead_CheckedInSettingsFile_IsValid(string name, WingsRole role, string url)
    {
        // The password is the one thing in them that this machine has not.
        var settings = new List<(string, string)> { ("WINGS_CONFIG", Repository.PathOf("silo-config", name)) };
        if (role != WingsRole.All)
            settings.Add(("WINGS_REDIS_PASSWORD_FILE", _folder.Write("password", "secret")));

        var options = Read([.. settings]);

        Assert.Equal((role, url), (options.Role, options.Urls.Single().ToString()));
        Assert.Equal(role == WingsRole.All, options.Fleet is null);
    }

    [Fact]
    public void CheckedInSettingsFiles_AllOfThem_AreTested()
        => Assert.Equal(["fleet-control.json", "fleet-host.json", "single-host.json"], Directory.GetFiles(Repository.PathOf("silo-config"), "*.json").Select(Path.GetFileName).Order());

    [Theory]
    [InlineData("WINGS_CERTIFICATES", "certificates", "WINGS_CERTIFICATES: 'certificates' is not an absolute path, for example /etc/orleans-wings/certificates.")]
    [InlineData("WINGS_ROLE", "boss", "WINGS_ROLE: 'boss' is not a role. Use all, host or control.")]
    [InlineData("WINGS_ROLE", "host", "WINGS_ROLE: 'host' is a part of a fleet and needs WINGS_REDIS, for example redis://10.0.0.5:6379.")]
    [InlineData("WINGS_ROLE", "", "WINGS_ROLE: it is empty. Leave it out for its default.")]
    [InlineData("WINGS_ROEL", "all", "WINGS_ROEL: this is not a setting. Did you mean WINGS_ROLE?")]
    [InlineData("wings_data", "/srv/wings", "wings_data: this is not a setting. Did you mean WINGS_DATA?")]
    [InlineData("WINGS_SOMETHING_ELSE", "1", "WINGS_SOMETHING_ELSE: this is not a setting.")]
    [InlineData("WINGS_URLS", "8080", "WINGS_URLS: '8080' is not an address to listen on. Write http://127.0.0.1:8080.")]
    [InlineData("WINGS_URLS", "http://127.0.0.1:99999", "WINGS_URLS: 'http://127.0.0.1:99999' is not an address to listen on. Write http://127.0.0.1:8080.")]
    [InlineData("WINGS_URLS", "ftp://127.0.0.1", "WINGS_URLS: 'ftp://127.0.0.1' is not an address to listen on. Write http://127.0.0.1:8080.")]
    [InlineData("WINGS_URLS", ";", "WINGS_URLS: ';' has no address in it. Write http://127.0.0.1:8080.")]
    [InlineData("WINGS_URLS", "https://127.0.0.1:8443", "WINGS_URLS: 'https://127.0.0.1:8443' needs WINGS_TLS_CERTIFICATE and WINGS_TLS_KEY.")]
    [InlineData("WINGS_URLS", "http://*:80", "WINGS_URLS: 'http://*:80' is reached by other machines, and over http everyone on the way can read passwords. Use https with WINGS_TLS_CERTIFICATE and WINGS_TLS_KEY, or listen on 127.0.0.1 behind a proxy with TLS, or allow it with WINGS_ALLOW_PLAIN_HTTP=true.")]
    [InlineData("WINGS_ALLOW_PLAIN_HTTP", "yes", "WINGS_ALLOW_PLAIN_HTTP: 'yes' is neither true nor false.")]
    [InlineData("WINGS_TLS_CERTIFICATE", "/cert.pem", "WINGS_TLS_KEY: it is missing. WINGS_TLS_CERTIFICATE needs its key.")]
    [InlineData("WINGS_TLS_KEY", "/key.pem", "WINGS_TLS_CERTIFICATE: it is missing. WINGS_TLS_KEY needs its certificate.")]
    [InlineData("WINGS_HOSTS", "https://games.example", "WINGS_HOSTS: 'https://games.example' is not a name that a browser has in its address bar. Write games.example, or games.example:8443.")]
    [InlineData("WINGS_PROXIES", "proxy", "WINGS_PROXIES: 'proxy' is neither an address nor a network. Write 127.0.0.1, or 10.0.0.0/8.")]
    [InlineData("WINGS_PUBLIC_ADDRESS", "games.example:30000", "WINGS_PUBLIC_ADDRESS: 'games.example:30000' is neither a name nor an address. Write games.example or 203.0.113.7, without a port.")]
    [InlineData("WINGS_DATA", "wings", "WINGS_DATA: 'wings' is not an absolute path without ':', for example /var/lib/orleans-wings.")]
    [InlineData("WINGS_HOST", "EU 1", "WINGS_HOST: 'EU 1' is not a host name. Use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.")]
    [InlineData("WINGS_ENGINE", "ssh://root@box", "WINGS_ENGINE: 'ssh://root@box' is not an engine's address. Write unix:///path/of/docker.sock or tcp://host:port.")]
    [InlineData("DOCKER_HOST", "box", "DOCKER_HOST: 'box' is not an engine's address. Write unix:///path/of/docker.sock or tcp://host:port.")]
    [InlineData("WINGS_ADMIN_PASSWORD_FILE", "/does/not/exist", "WINGS_ADMIN_PASSWORD_FILE: '/does/not/exist' cannot be read: Could not find a part of the path '/does/not/exist'.")]
    [InlineData("WINGS_LOG_LEVEL", "loud", "WINGS_LOG_LEVEL: 'loud' is not a level. Use Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("WINGS_LOG_LEVEL", "2", "WINGS_LOG_LEVEL: '2' is not a level. Use Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("WINGS_DEMO", "1", "WINGS_DEMO: '1' is neither true nor false.")]
    [InlineData("WINGS_DEMO_IMAGE", "Not An Image", "WINGS_DEMO_IMAGE: 'Not An Image' is not an image name: write it as registry/name:tag, in lower case.")]
    [InlineData("WINGS_CONFIG", "/does/not/exist", "WINGS_CONFIG: '/does/not/exist' cannot be read: Could not find a part of the path '/does/not/exist'.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' is not an http or https address.")]
    public void TryRead_OneFault_SaysIt(string name, string value, string message)
        => Assert.Equal([message], ReadFaults((name, value)));

    [Theory]
    [InlineData("correct horse")]
    [InlineData("correct horse\n")]
    [InlineData("correct horse\r\n\n")]
    public void TryRead_PasswordsInFiles_AreReadAlikeWithoutLineBreaksAtTheEnd(string content)
    {
        var file = _folder.Write("password", content);

        var options = Read(("WINGS_ADMIN_PASSWORD_FILE", file), ("WINGS_REDIS", "redis://127.0.0.1"), ("WINGS_REDIS_PASSWORD_FILE", file), ("WINGS_ROLE", "control"), ("WINGS_ALLOW_PLAIN_CLUSTER", "true"));

        Assert.Equal(("correct horse", "correct horse"), (options.AdminPassword, options.Fleet!.Redis.Password));
    }

    [Theory]
    [InlineData("", "The password is empty.")]
    [InlineData("\n", "The password is empty.")]
    [InlineData("short\n", "The password is too short: it needs at least 10 characters.")]
    public void TryRead_PasswordThatCannotBe_SaysWhyAndNotThePassword(string content, string message)
    {
        var file = _folder.Write("password", content);

        Assert.Equal([$"WINGS_ADMIN_PASSWORD_FILE: '{file}': {message}"], ReadFaults(("WINGS_ADMIN_PASSWORD_FILE", file)));
    }

    [Theory]
    [InlineData("[]", "WINGS_CONFIG: '{file}' is not a JSON object of settings.")]
    [InlineData("{\n oops", "WINGS_CONFIG: '{file}' is not JSON (line 2).")]
    [InlineData("""{ "WINGS_HSOT": "a" }""", "WINGS_HSOT: this is not a setting (in {file}). Did you mean WINGS_HOST?")]
    [InlineData("""{ "WINGS_HOST": ["a"] }""", "WINGS_HOST: its value must be a text, a number, true or false (in {file}).")]
    [InlineData("""{ "WINGS_HOST": "" }""", "WINGS_HOST: it is empty (in {file}). Leave it out for its default.")]
    [InlineData("""{ "WINGS_CONFIG": "/b" }""", "WINGS_CONFIG: a settings file cannot name another one (in {file}).")]
    public void TryRead_FaultInFile_SaysWhichFile(string content, string message)
    {
        var file = _folder.Write("settings.json", content);

        Assert.Equal([message.Replace("{file}", file)], ReadFaults(("WINGS_CONFIG", file)));
    }

    [Fact]
    public void TryRead_ManyFaults_SaysAllAtOnce()
        => Assert.Equal(
            ["WINGS_BOGUS: this is not a setting.", "WINGS_DEMO", "WINGS_HOST", "WINGS_LOG_LEVEL", "WINGS_ROLE"],
            ReadFaults(("WINGS_ROLE", "x"), ("WINGS_HOST", "X"), ("WINGS_LOG_LEVEL", "x"), ("WINGS_DEMO", "x"), ("WINGS_BOGUS", "x"))
                .Select(fault => fault.StartsWith("WINGS_BOGUS", StringComparison.Ordinal) ? fault : fault[..fault.IndexOf(':')]).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Web_01.example", "web-01-example")]
    [InlineData("---", "host")]
    [InlineData("ÄÖ", "host")]
    [InlineData("a-very-long-machine-name-that-goes-on-and-on-and-on", "a-very-long-machine-name-that-goes-on-an")]
    public void MakeHostId_AnyMachineName_Fits(string machine, string host)
        => Assert.Equal(new HostId(host), WingsOptionsReader.MakeHostId(machine));

    [Fact]
    public void SettingsReadme_EverySetting_IsThere()
    {
        var readme = File.ReadAllText(Repository.PathOf("silo-config", "README.md"));

        Assert.All(SettingNames.All, name => Assert.Contains($"`{name}`", readme));
    }

    private static WingsMachine Machine(params (string Name, string Value)[] environment) => new()
    {
        MachineName = "Build-01.example",
        IsRoot = true,
        HomeFolder = "/root",
        Environment = environment.ToImmutableDictionary(pair => pair.Name, pair => pair.Value),
    };

    private static WingsOptions Read(params (string Name, string Value)[] environment)
    {
        var isRead = WingsOptionsReader.TryRead(Machine(environment), out var options, out var faults);
        Assert.True(isRead, string.Join('\n', faults));
        return options!;
    }

    private static IReadOnlyList<string> ReadFaults(params (string Name, string Value)[] environment)
    {
        Assert.False(WingsOptionsReader.TryRead(Machine(environment), out _, out var faults));
        return faults;
    }
}
