using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Settings;

/// <summary>Reads and checks every setting once. Goes on after a fault, so that the user sees all of them.</summary>
internal static class WingsOptionsReader
{
    private static readonly string[] s_otlpNames =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Reads the settings, or says everything that is wrong with them.</summary>
    public static bool TryRead(WingsMachine machine, [NotNullWhen(true)] out WingsOptions? options, out IReadOnlyList<string> faults)
    {
        var source = new SettingSource(machine);
        var certificate = ReadCertificate(source);
        var allowsPlainHttp = ReadBool(source, SettingNames.AllowPlainHttp);
        var role = ReadRole(source);
        var certificates = ReadCertificatesFolder(source);
        var read = new WingsOptions
        {
            Role = role,
            Fleet = FleetSettings.Read(source, role, ReadBool(source, SettingNames.AllowPlainCluster), certificates is not null),
            Urls = UrlSettings.Read(source, role, allowsPlainHttp, certificate is not null || source.Get(SettingNames.TlsCertificate) is not null),
            AllowsPlainHttp = allowsPlainHttp,
            Certificate = certificate,
            Hosts = AddressSettings.ReadHosts(source),
            Proxies = AddressSettings.ReadProxies(source),
            PublicAddress = AddressSettings.ReadPublicAddress(source),
            MachineName = machine.MachineName,
            DataFolder = ReadDataFolder(source, machine),
            Host = ReadHost(source),
            DefaultHost = MakeHostId(machine.MachineName),
            CertificatesFolder = certificates,
            Engine = ReadEngine(source, machine),
            Containers = ContainerSettings.Read(source),
            Consoles = ContainerSettings.ReadConsoles(source),
            AdminPassword = ReadPassword(source),
            LogLevel = ReadLogLevel(source),
            HasDemo = ReadBool(source, SettingNames.Demo),
            DemoImage = ReadDemoImage(source),
            SendsTelemetry = ReadTelemetry(source, machine),
        };
        faults = source.Faults;
        options = faults.Count == 0 ? read : null;
        return options is not null;
    }

    /// <summary>The first address of WINGS_URLS alone, for a command that asks the program there; opens no file but the settings file.</summary>
    public static bool TryReadFirstUrl(WingsMachine machine, [NotNullWhen(true)] out BindingAddress? url, out IReadOnlyList<string> faults)
    {
        var source = new SettingSource(machine);
        var urls = UrlSettings.Read(source, ReadRole(source), allowsPlainHttp: true, hasCertificate: true);
        faults = source.Faults;
        url = faults.Count == 0 ? urls[0] : null;
        return url is not null;
    }

    /// <summary>A machine's name as a host's name: what does not fit becomes '-'.</summary>
    internal static HostId MakeHostId(string machineName)
    {
        var name = new string([.. machineName.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')]);
        name = name.Trim('-');
        return new HostId(name.Length == 0 ? "host" : name[..Math.Min(name.Length, 40)].TrimEnd('-'));
    }

    private static WingsRole ReadRole(SettingSource source)
    {
        switch (source.Get(SettingNames.Role))
        {
            case null or "all":
                return WingsRole.All;
            case "host":
                return WingsRole.Host;
            case "control":
                return WingsRole.Control;
            case var typed:
                source.Fault(SettingNames.Role, $"'{typed}' is not a role. Use all, host or control.");
                return WingsRole.All;
        }
    }

    private static string ReadDataFolder(SettingSource source, WingsMachine machine)
    {
        var typed = source.Get(SettingNames.Data);
        if (typed is null)
            return machine.IsRoot ? "/var/lib/orleans-wings" : Path.Combine(machine.HomeFolder, ".local", "share", "orleans-wings");
        if (!Path.IsPathRooted(typed) || typed.Contains('\0') || typed.Contains(':'))
            source.Fault(SettingNames.Data, $"'{typed}' is not an absolute path without ':', for example /var/lib/orleans-wings.");
        return Path.TrimEndingDirectorySeparator(typed);
    }

    private static HostId? ReadHost(SettingSource source)
    {
        if (source.Get(SettingNames.Host) is not { } typed)
            return null;
        if (HostId.TryParse(typed, null, out var host))
            return host;
        source.Fault(SettingNames.Host, $"'{typed}' is not a host name. Use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.");
        return null;
    }

    // What is in it depends on the role and the name, and is checked when it is loaded.
    private static string? ReadCertificatesFolder(SettingSource source)
    {
        if (source.Get(SettingNames.Certificates) is not { } typed)
            return null;
        if (!Path.IsPathRooted(typed) || typed.Contains('\0'))
            source.Fault(SettingNames.Certificates, $"'{typed}' is not an absolute path, for example /etc/orleans-wings/certificates.");
        return Path.TrimEndingDirectorySeparator(typed);
    }

    private static Uri ReadEngine(SettingSource source, WingsMachine machine)
    {
        var (name, typed) = source.Get(SettingNames.Engine) is { } own ? (SettingNames.Engine, own)
            : machine.Environment.TryGetValue("DOCKER_HOST", out var docker) && docker.Length > 0 ? ("DOCKER_HOST", docker)
            : (SettingNames.Engine, "unix:///var/run/docker.sock");
        if (Uri.TryCreate(typed, UriKind.Absolute, out var uri)
            && (uri.Scheme is "unix" ? uri.AbsolutePath.Length > 1 : uri.Scheme is "tcp" or "http" or "https" && uri.Host.Length > 0))
            return uri;
        source.Fault(name, $"'{typed}' is not an engine's address. Write unix:///path/of/docker.sock or tcp://host:port.");
        return new Uri("unix:///var/run/docker.sock");
    }

    private static string? ReadPassword(SettingSource source)
    {
        const string name = SettingNames.AdminPasswordFile;
        if (SecretFile.Read(source, name) is not { } password)
            return null;
        if (Dashboard.Users.PasswordRule.Check(password) is not { } fault)
            return password;
        source.Fault(name, $"'{source.Get(name)}': {fault}");
        return null;
    }

    private static LogLevel ReadLogLevel(SettingSource source)
    {
        var typed = source.Get(SettingNames.LogLevel);
        if (typed is null)
            return LogLevel.Information;
        if (!char.IsAsciiDigit(typed[0]) && Enum.TryParse<LogLevel>(typed, ignoreCase: true, out var level))
            return level;
        source.Fault(SettingNames.LogLevel, $"'{typed}' is not a level. Use {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        return LogLevel.Information;
    }

    private static string ReadDemoImage(SettingSource source)
    {
        var typed = source.Get(SettingNames.DemoImage) ?? "~orleans-wings/minetest:latest";
        if (ServerSpecValidator.CheckImage(typed) is { } fault)
            source.Fault(SettingNames.DemoImage, fault);
        return typed;
    }

    internal static bool ReadBool(SettingSource source, string name, bool otherwise = false)
    {
        var typed = source.Get(name);
        if (typed is null || bool.TryParse(typed, out _))
            return typed is null ? otherwise : bool.Parse(typed);
        source.Fault(name, $"'{typed}' is neither true nor false.");
        return otherwise;
    }

    private static X509Certificate2? ReadCertificate(SettingSource source)
    {
        var (certificate, key) = (source.Get(SettingNames.TlsCertificate), source.Get(SettingNames.TlsKey));
        if (certificate is null || key is null)
        {
            if (certificate is not null)
                source.Fault(SettingNames.TlsKey, $"it is missing. {SettingNames.TlsCertificate} needs its key.");
            if (key is not null)
                source.Fault(SettingNames.TlsCertificate, $"it is missing. {SettingNames.TlsKey} needs its certificate.");
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            source.Fault(SettingNames.TlsCertificate, $"'{certificate}' with the key '{key}' cannot be used: {e.Message}");
            return null;
        }
    }

    private static bool ReadTelemetry(SettingSource source, WingsMachine machine)
    {
        var isSet = false;
        foreach (var name in s_otlpNames)
        {
            if (!machine.Environment.TryGetValue(name, out var typed) || typed.Length == 0)
                continue;
            isSet = true;
            if (!Uri.TryCreate(typed, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                source.Fault(name, $"'{typed}' is not an http or https address.");
        }

        return isSet;
    }
}
