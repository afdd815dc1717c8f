using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using OrleansWings.Hosts;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Settings;

/// <summary>
/// What the operator set, checked and parsed. Each member is one WINGS_… variable, or the same name in the settings file;
/// the environment wins. Made by <see cref="WingsOptionsReader"/>.
/// </summary>
// A class and not a record: a record would print the password when somebody logs it.
public sealed class WingsOptions
{
    /// <summary>WINGS_ROLE. What this process carries: all, host or control. Default: all.</summary>
    public WingsRole Role { get; init; } = WingsRole.All;

    /// <summary>WINGS_URLS. Where the dashboard listens, separated by ';'; on a host its health and metrics. Default: http://127.0.0.1:8080, of a host 8081.</summary>
    public ImmutableArray<BindingAddress> Urls { get; init; } = [BindingAddress.Parse("http://127.0.0.1:8080")];

    /// <summary>WINGS_ALLOW_PLAIN_HTTP. Whether http may be used on an address that other machines reach. Default: false.</summary>
    public bool AllowsPlainHttp { get; init; }

    /// <summary>WINGS_TLS_CERTIFICATE and WINGS_TLS_KEY. PEM files for https addresses. Default: none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// WINGS_HOSTS. Names by which browsers reach the dashboard beside those it knows by itself, separated by ';'; with a
    /// port where it is not the usual one. Default: none.
    /// </summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>WINGS_PROXIES. Addresses or networks of reverse proxies whose X-Forwarded-For and -Proto are believed, separated by ';'. Default: none.</summary>
    public ImmutableArray<IPNetwork> Proxies { get; init; } = [];

    /// <summary>WINGS_PUBLIC_ADDRESS. The address or name that players of this host's servers connect to; of a control process for hosts that set none. Default: null.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>The machine's own name: browsers of its network may use it.</summary>
    public string MachineName { get; init; } = "";

    /// <summary>WINGS_DATA. The data folder. Default: /var/lib/orleans-wings for root, else ~/.local/share/orleans-wings.</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// WINGS_HOST. This machine's name in the fleet. Default: null, the name that the data folder was made with, or for a new
    /// one <see cref="DefaultHost"/>.
    /// </summary>
    public HostId? Host { get; init; }

    /// <summary>The machine's own name, made fit to be a <see cref="HostId"/>.</summary>
    public required HostId DefaultHost { get; init; }

    /// <summary>WINGS_CERTIFICATES. The folder with ca.pem, certificate.pem and key.pem of this machine. Default: null, none.</summary>
    public string? CertificatesFolder { get; init; }

    /// <summary>WINGS_ENGINE, else DOCKER_HOST. The Docker engine. Default: unix:///var/run/docker.sock.</summary>
    public Uri Engine { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary>WINGS_CONTAINER_USER to WINGS_STARTS_AT_ONCE. How this machine runs its containers. Default: null, the defaults that this process can keep.</summary>
    public DockerHostOptions? Containers { get; init; }

    /// <summary>WINGS_CONSOLE_THROTTLE_LINES and …_PERIOD_MS. How much of what games say is kept and shown. Default: null, the defaults.</summary>
    public ConsoleOptions? Consoles { get; init; }

    /// <summary>WINGS_REDIS and what goes with it: the fleet this process belongs to. Default: null, one machine by itself.</summary>
    internal FleetSettings? Fleet { get; init; }

    /// <summary>WINGS_ADMIN_PASSWORD_FILE. What is in the file: the first administrator's password. Default: null, a one-time link is shown.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>WINGS_LOG_LEVEL. The least level that is logged: Trace to Critical, or None. Default: Information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>WINGS_DEMO. Whether a demo server is made and started. Default: false.</summary>
    public bool HasDemo { get; init; }

    /// <summary>WINGS_DEMO_IMAGE. The demo's image; with '~' in front it is never pulled. Default: ~orleans-wings/minetest:latest.</summary>
    public string DemoImage { get; init; } = "~orleans-wings/minetest:latest";

    /// <summary>OTEL_EXPORTER_OTLP_ENDPOINT or one of its kinds is set: metrics and traces are sent there. Default: false.</summary>
    public bool SendsTelemetry { get; init; }
}
