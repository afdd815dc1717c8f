using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Testing.Clusters;

/// <summary>What most tests of a cluster do first.</summary>
public static class WingsClusterSteps
{
    public static async Task<IServer> CreateServerAsync(this WingsCluster cluster, ServerSpec spec)
    {
        var created = await Eventually.GetAsync(() => cluster.Fleet.CreateServerAsync(spec), result => result.Refusal != ServerRefusal.NoHost);
        return created is { IsAccepted: true, Server: { } id }
            ? cluster.Fleet.GetServer(id)
            : throw new InvalidOperationException($"The server was not created: {created.Refusal}: {created.Message}");
    }

    /// <summary>Creates and starts a server, and waits until it runs.</summary>
    public static async Task<IServer> RunServerAsync(this WingsCluster cluster, ServerSpec spec)
    {
        var server = await cluster.CreateServerAsync(spec);
        var started = await server.StartAsync();
        if (!started.IsAccepted)
            throw new InvalidOperationException($"The server was not started: {started.Refusal}: {started.Message}");
        await cluster.WaitForAsync(server, PowerState.Running);
        return server;
    }

    /// <summary>Starts a server as soon as it may be, as after it was given to another host, and waits until it runs.</summary>
    public static async Task<ServerSnapshot> StartServerAsync(this WingsCluster cluster, IServer server)
    {
        await Eventually.GetAsync(server.StartAsync, result => result.IsAccepted);
        return await cluster.WaitForAsync(server, PowerState.Running);
    }

    /// <summary>Waits until so many hosts are heard of and their engines answer.</summary>
    public static Task UntilReadyAsync(this WingsCluster cluster, int hosts)
        => Eventually.GetAsync(cluster.Fleet.ListHostsAsync, known => known.Count(host => host.Status == HostStatus.Ready) == hosts);

    /// <summary>The grain that keeps the wishes about a server.</summary>
    public static IServerRecordGrain RecordOf(this WingsCluster cluster, ServerId server)
        => cluster.Control("c1").GetRequiredService<IGrainFactory>().GetGrain<IServerRecordGrain>(server.Value);

    public static async Task<ServerSnapshot> WaitForAsync(this WingsCluster cluster, IServer server, PowerState state)
        => (await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true } && snapshot.State == state))!;
}
