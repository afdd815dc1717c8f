using System.Globalization;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>Containers of this installation whose server nobody here knows: read back for a record, or removed, as a person says.</summary>
internal sealed class OrphanedContainers(HostServers servers)
{
    private HostServices Host => servers.Host;

    /// <summary>What a record of its server would say.</summary>
    /// <param name="id">The container's id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The engine did not answer.</exception>
    public async Task<OrphanReading> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } orphan)
            return new OrphanReading(null, NoOrphan(id));
        var (server, container) = orphan;
        var volume = Host.Paths.Volume(server);
        var home = container.Making?.Mounts.FirstOrDefault(mount => mount.Target == OrphanSpec.Home)?.Source;
        if (home != volume)
        {
            return new OrphanReading(null, ServerResult.Refused(
                ServerRefusal.Invalid, $"The next start would not find its files: they are {(home is null ? "in the container itself" : $"in {home}")}, and this host keeps them in {volume}."));
        }

        var image = await Host.Engine.InspectImageAsync(container.Image, cancellationToken).ConfigureAwait(false);
        var assignment = new ServerAssignment
        {
            Server = server,
            Host = Host.Host,
            Epoch = Number(container, ContainerLabels.Epoch),
            Version = 1,
            LastRun = (int)Math.Min(Number(container, ContainerLabels.Run), int.MaxValue),
            Spec = OrphanSpec.Of(server, container, image, Host.Paths.IdentityFolder),
        };
        var faults = ServerSpecValidator.Validate(assignment.Spec);
        return faults.IsEmpty
            ? new OrphanReading(assignment, ServerResult.Accepted("It can be adopted."))
            : new OrphanReading(null, ServerResult.Refused(ServerRefusal.Invalid, $"Container {container.Name} was not made as a server's is. {string.Join(" ", faults.Select(fault => fault.Message))}"));
    }

    /// <summary>Ends and removes it.</summary>
    /// <param name="id">The container's id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The engine did not answer.</exception>
    public async Task<ServerResult> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } orphan)
            return NoOrphan(id);
        await Host.RemoveContainerAsync(orphan.Container, force: true, cancellationToken).ConfigureAwait(false);
        return ServerResult.Accepted($"Container {orphan.Container.Name} is removed. Its server's files stay in {Host.Paths.Volume(orphan.Server)}.");
    }

    // By its id, as the engine has it: nothing else is looked at, and nothing that is known by now is touched.
    private async Task<(ServerId Server, ContainerState Container)?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var mine = (await Host.Cluster.GetAsync(cancellationToken).ConfigureAwait(false)).ToString("D");
        if (id.Length == 0 || await Host.Engine.InspectAsync(id, cancellationToken).ConfigureAwait(false) is not { } container || container.Id.Value != id
            || container.Labels.GetValueOrDefault(ContainerLabels.Cluster) != mine || container.Labels.GetValueOrDefault(ContainerLabels.Kind) != ContainerLabels.KindServer
            || !ServerId.TryParse(container.Labels.GetValueOrDefault(ContainerLabels.ServerId), null, out var server))
            return null;
        return servers.Find(server) is null && servers.Held().All(held => held.Server != server) ? (server, container) : null;
    }

    private static long Number(ContainerState container, string label)
        => long.TryParse(container.Labels.GetValueOrDefault(label), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static ServerResult NoOrphan(string id)
        => ServerResult.Refused(ServerRefusal.NotFound, $"The container {new ContainerId(id)} is gone, or its server is known by now: look again.");
}
