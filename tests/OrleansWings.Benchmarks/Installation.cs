using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansWings.Benchmarks.Servers;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Benchmarks;

/// <summary>The silo of the program in role "all", in this process, on a data folder that the program can take over.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string HostName = "bench";
    public const string Image = "orleanswings-test:latest";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly IHost _host;

    private Installation(IHost host, string folder) => (_host, Folder) = (host, folder);

    public string Folder { get; }

    public IServiceProvider Services => _host.Services;

    public IFleet Fleet => Services.GetRequiredService<IFleet>();

    public IConsoleFeeds Consoles => Services.GetRequiredService<IConsoleFeeds>();

    public IFleetFeed Feed => Services.GetRequiredService<IFleetFeed>();

    public HostServers Servers => Services.GetRequiredService<HostServers>();

    public static ServerSpec Spec(string name) => new()
    {
        Name = name,
        Image = "~" + Image,
        Startup = "game",
        DoneLines = ["Done ("],
        Stop = new StopRule { Kind = StopKind.Command, Value = "stop" },
    };

    public static async Task<Installation> OpenAsync(Uri engine, string folder, int throttleLines = 0)
    {
        Directory.CreateDirectory(folder);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddWingsSilo(new WingsSiloOptions { Host = new HostId(HostName), DataFolder = folder, Engine = engine, Consoles = new ConsoleOptions { ThrottleLines = throttleLines } });
        var host = builder.Build();
        await host.StartAsync();
        var readiness = host.Services.GetRequiredService<IWingsReadiness>();
        using var limit = new CancellationTokenSource(s_patience);
        while (readiness.WhyNotReady is not null)
            await Task.Delay(10, limit.Token);
        return new Installation(host, folder);
    }

    public async Task<IServer> CreateAsync(string name)
    {
        var created = await Fleet.CreateServerAsync(Spec(name));
        return created is { IsAccepted: true, Server: { } id } ? Fleet.GetServer(id) : throw new InvalidOperationException(created.Message);
    }

    /// <summary>Creates a server, starts it and waits until it runs.</summary>
    public async Task<IServer> RunAsync(string name)
    {
        var server = await CreateAsync(name);
        await server.DoAsync(Servers, PowerState.Running, server.StartAsync);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}
