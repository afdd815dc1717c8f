using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansWings.Client.Consoles;
using OrleansWings.Client.Fleets;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;
using OrleansWings.Fleets;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Images;
using OrleansWings.Silo.Jobs;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Streams;
using OrleansWings.Silo.Usages;

namespace OrleansWings.Silo.Hosting;

/// <summary>Adds a silo with everything its role carries; every service of the platform is registered from here.</summary>
public static class WingsSiloExtensions
{
    /// <summary>Adds the silo. The facade (IFleet), the feeds and <see cref="IWingsReadiness"/> are then services of the program.</summary>
    public static IHostApplicationBuilder AddWingsSilo(this IHostApplicationBuilder builder, WingsSiloOptions options)
    {
        // Order matters: hosted services start in it, and the host's own work comes before the silo joins.
        if (options.Role != WingsRole.Control)
            builder.Services.AddWingsHost(options);
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(names => names.SiloName = SiloNames.Of(options.Role, options.Host.Value));
            silo.AddWingsGrains(options.Role);
            if (options.Fleet is { } fleet)
                silo.UseWingsFleet(options, fleet);
            else
                silo.UseWingsAlone(options);
        });
        if (options.Fleet is not null)
            builder.Services.StartSiloWhenStoreAnswers();
        builder.Services.AddWingsReporting(options.Role);
        return builder;
    }

    // One machine: no other silo, no gateway, and the store is a file.
    private static void UseWingsAlone(this ISiloBuilder silo, WingsSiloOptions options)
    {
        silo.UseLocalhostClustering(FreePort.Find(), gatewayPort: 0, serviceId: WingsNames.ServiceId, clusterId: WingsNames.ServiceId);
        // Orleans asks nobody who they are: whoever may connect to its port is a member and commands every server.
        silo.Configure<SiloConnectionOptions>(connections => connections.ConfigureSiloInboundConnection(RefuseAll));
        silo.AddWingsStore(Path.Combine(options.DataFolder, "state.db"));
    }

    private static ClusterGate OpenGate()
    {
        var gate = new ClusterGate();
        gate.Open();
        return gate;
    }

    // One process needs no other silo either: its own calls never go through the port.
    private static void RefuseAll(IConnectionBuilder connection)
        => connection.Use(_ => context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

    /// <summary>What a silo needs of Orleans for its role: streams, placement, the classes it may run. Tests with several silos use it too.</summary>
    public static ISiloBuilder AddWingsGrains(this ISiloBuilder silo, WingsRole role)
    {
        silo.AddWingsStreams();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddPlacementDirector<HostPlacementStrategy, HostPlacementDirector>();
        silo.Services.AddOptions<GrainTypeOptions>().PostConfigure(types => RoleGrains.LeaveOut(types, role));
        silo.Services.TryAddSingleton<IFleet, FleetClient>();
        silo.Services.TryAddSingleton<IWingsReadiness, WingsReadiness>();
        return silo;
    }

    /// <summary>The host's own services: ledger, engine, servers.</summary>
    public static IServiceCollection AddWingsHost(this IServiceCollection services, WingsSiloOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options.Containers ?? DockerHostOptions.OfThisProcess());
        services.TryAddSingleton(options.Consoles ?? new ConsoleOptions());
        services.TryAddSingleton(HostAddresses.Of(options));
        services.TryAddSingleton(new HostPaths(options.DataFolder));
        services.TryAddSingleton<IContainerEngine>(_ => new DockerContainerEngine(options.Engine));
        services.TryAddSingleton<IUsageReader>(_ => new CgroupUsageReader());
        services.TryAddSingleton(provider => new HostLedger(provider.GetRequiredService<HostPaths>().Ledger, provider.GetRequiredService<TimeProvider>()));
        services.AddMetrics();
        services.TryAddSingleton<ServerInstruments>();
        services.TryAddSingleton<EngineWatch>();
        services.TryAddSingleton<RegistryLogins>();
        services.TryAddSingleton<ImagePuller>();
        services.TryAddSingleton<ServerNetwork>();
        services.TryAddSingleton<OutgoingNetworks>();
        services.TryAddSingleton<ClusterIdentity>();
        services.TryAddSingleton(provider => new StartGate(provider.GetRequiredService<DockerHostOptions>().StartsAtOnce, isOpen: options.Fleet is null));
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<HostServices>(provider, options.Host));
        services.TryAddSingleton<HostServers>();
        services.TryAddSingleton<UsageSampler>();
        services.AddHostedService<HostRuntime>();
        services.AddHostedService<DiskMeter>();
        services.TryAddSingleton<HostReconciler>();
        services.TryAddSingleton<OrphanedContainers>();
        services.AddHostedService(provider => provider.GetRequiredService<HostReconciler>());
        return services;
    }

    /// <summary>What talks to the cluster; starts after the silo.</summary>
    public static IServiceCollection AddWingsReporting(this IServiceCollection services, WingsRole role)
    {
        // A process that starts its silo in order has joined when these start.
        services.TryAddSingleton(_ => OpenGate());
        if (role != WingsRole.Control)
        {
            services.AddSingleton<ControlSilos>();
            services.AddSingleton<ConsolePublisher>();
            services.TryAddSingleton(provider => new MachineReader(provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<MachineMeter>();
            services.AddSingleton<HostReporter>();
            services.AddHostedService(provider => provider.GetRequiredService<HostReporter>());
            services.AddHostedService<TrashKeeper>();
        }

        if (role != WingsRole.Host)
        {
            services.AddSingleton<FeedHub>();
            services.AddSingleton<IConsoleFeeds>(provider => provider.GetRequiredService<FeedHub>());
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FleetHub>(provider, provider.GetRequiredService<ClusterGate>().Joined));
            services.AddSingleton<IFleetFeed>(provider => provider.GetRequiredService<FleetHub>());
            services.AddHostedService(provider => provider.GetRequiredService<FleetHub>());
            services.AddHostedService<JobKeeper>();
        }

        return services;
    }
}
