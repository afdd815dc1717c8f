using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.HttpOverrides;
using OrleansWings.Certificates;
using OrleansWings.Dashboard.Hosting;
using OrleansWings.DataFolders;
using OrleansWings.Demo;
using OrleansWings.Gates;
using OrleansWings.Health;
using OrleansWings.Hosts;
using OrleansWings.Settings;
using OrleansWings.Silo.Certificates;
using OrleansWings.Silo.Hosting;
using OrleansWings.Telemetry;
using OrleansWings.Users;

namespace OrleansWings;

/// <summary>The program: one silo with what its role carries. Tests start the same one with port 0 and a silo of fakes.</summary>
internal sealed class WingsApplication : IAsyncDisposable
{
    // Containers do not depend on us; a person who pressed Ctrl-C should not wait.
    internal static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly DataFolder _folder;

    private WingsApplication(WebApplication app, DataFolder folder) => (_app, _folder) = (app, folder);

    public IServiceProvider Services => _app.Services;

    /// <summary>Where the dashboard listens, once started.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Builds the program and takes the data folder for it.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="addSilo">What adds the silo. Default: the real one.</param>
    /// <exception cref="Commands.CannotStartException">The data folder cannot be used.</exception>
    public static WingsApplication Create(WingsOptions options, Action<WebApplicationBuilder, WingsSiloOptions>? addSilo = null)
    {
        var folder = DataFolder.Open(options.DataFolder);
        try
        {
            MovedState.CheckStart(folder.Path, options.Fleet is not null);
            RestoredState.CheckStart(folder.Path);
            var host = folder.KeepHostId(options.Host, options.DefaultHost);
            var builder = CreateBuilder(options);
            builder.Services.AddSingleton(options);
            builder.Services.AddWingsTelemetry(options);
            if (options.Role != WingsRole.Host)
                AddDashboard(builder, options, folder);
            builder.Services.AddSingleton<ReadyAnnouncer>().AddHostedService(provider => provider.GetRequiredService<ReadyAnnouncer>());
            var silo = new WingsSiloOptions
            {
                Role = options.Role,
                Host = host,
                DataFolder = folder.Path,
                Engine = options.Engine,
                PublicAddress = options.PublicAddress,
                Containers = options.Containers,
                Consoles = options.Consoles,
                Fleet = options.Fleet?.ToOptions(folder.KeepMachineKey(), LoadCertificates(options, host)),
            };
            (addSilo ?? ((b, o) => b.AddWingsSilo(o)))(builder, silo);
            var app = builder.Build();
            return new WingsApplication(options.Role == WingsRole.Host ? MapHost(app) : Map(app), folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Why the cluster refused this process, in words; null when it did not. The program has ended with it.</summary>
    public string? Refusal => _app.Services.GetService<ClusterGate>()?.Refusal;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var options = _app.Services.GetRequiredService<WingsOptions>();
        UrlProbe.Check(options.Urls);
        if (options is { Fleet: null, Role: not WingsRole.Host, AdminPassword: { } password }
            && await _app.Services.GetRequiredService<FirstAdministrator>().EnsureAsync(password) is { } fault)
            throw new Commands.CannotStartException(fault);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch
        {
            await StopWhatHasStartedAsync();
            throw;
        }
    }

    // In order: with its services taken away under it, it would fill the terminal with faults.
    private async Task StopWhatHasStartedAsync()
    {
        try
        {
            await _app.StopAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // A host whose services could not even be made cannot be stopped, and says so by throwing. Why it could not start is
            // what the person has to read.
        }
    }

    /// <summary>Ends when somebody asked the program to stop and it has.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    // Empty, so that no appsettings file, ASPNETCORE_ variable or argument is a second way to set something.
    private static WebApplicationBuilder CreateBuilder(WingsOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WingsApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddEnvironmentVariables("OTEL_");
        var stopping = new StrongBox<bool>();
        builder.Services.AddSingleton(stopping);
        builder.Logging.AddWingsLogging(options.LogLevel, () => stopping.Value);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = options.Certificate);
        });
        builder.WebHost.UseUrls([.. options.Urls.Select(url => url.ToString())]);
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);

        builder.Services.AddSingleton<KnownHosts>();
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => Believe(forwarded, options));
        return builder;
    }

    private static void Believe(ForwardedHeadersOptions forwarded, WingsOptions options)
    {
        // A TLS proxy on this machine says that the browser came by https; from elsewhere the header is not believed. Where
        // from, it may say only when it was named: else whoever is on this machine would be as many clients as they like.
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedProto;
        if (options.Proxies.IsEmpty)
            return;
        forwarded.ForwardedHeaders |= ForwardedHeaders.XForwardedFor;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Proxies)
            forwarded.KnownIPNetworks.Add(proxy);
    }

    internal static FleetCertificates? LoadCertificates(WingsOptions options, HostId host)
    {
        try
        {
            return options.CertificatesFolder is { } folder ? FleetCertificates.Load(folder, SiloIdentity.Of(options.Role, host)) : null;
        }
        catch (CertificateFaultException e)
        {
            throw new Commands.CannotStartException($"{SettingNames.Certificates}: {e.Message}", e);
        }
    }

    private static void AddDashboard(WebApplicationBuilder builder, WingsOptions options, DataFolder folder)
    {
        if (options.Fleet is null)
            KeyFiles.Check(folder.Keys);
        builder.Services.AddWingsUsers(folder, isFleet: options.Fleet is not null);
        if (options is { Fleet: not null, AdminPassword: { } password })
            builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SharedAdministrator>(provider, password));
        builder.Services.AddWingsDashboard(dashboard =>
        {
            dashboard.PublicAddress = options.PublicAddress;
            dashboard.Entrance = options.Fleet?.ToEntrance(hasCertificates: options.CertificatesFolder is not null);
        });
        if (options.HasDemo)
            builder.Services.AddHostedService<DemoServer>();
    }

    // A host has no users and no pages: health for its supervisor, metrics for who is on the machine itself.
    private static WebApplication MapHost(WebApplication app)
    {
        SilenceWhenStopping(app);
        app.UseRouting();
        app.MapWingsHealth();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context =>
            context.Request.Path == "/metrics" && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address));
        return app;
    }

    private static void SilenceWhenStopping(WebApplication app)
    {
        var stopping = app.Services.GetRequiredService<StrongBox<bool>>();
        app.Lifetime.ApplicationStopping.Register(() => stopping.Value = true);
    }

    private static WebApplication Map(WebApplication app)
    {
        SilenceWhenStopping(app);
        app.UseForwardedHeaders();
        app.UseMiddleware<HostGate>();
        app.UseWingsDashboard();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapWingsHealth();
        app.MapWingsUsers();
        app.MapPrometheusScrapingEndpoint();
        app.MapWingsDashboard();
        return app;
    }
}
