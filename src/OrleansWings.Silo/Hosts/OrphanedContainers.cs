using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>Containers of this installation whose server nobody here knows: read back for a record, or removed, as a person says.</summary>
internal sealed class OrphanedContainers(HostServers servers)
{
    private HostServices Host => servers.Host;

    /// <summary>
    /// Whether its files are where this host keeps them. Another host of the same fleet may use the same engine, and its servers are none of this one's.
    /// </summary>
    /// <param name="server">The server that its labels name.</param>
    /// <param name="container">It, inspected.</param>
    public bool IsOfThisHost(ServerId server, ContainerState container)
        => container.Making?.Mounts.Any(mount => mount.Target == ServerContainer.Home && mount.Source == Host.Paths.Volume(server)) == true;

    /// <summary>What a record of its server would say.</summary>
    /// <param name="id">The container's id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The engine did not answer.</exception>
    public async Task<OrphanReading> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } orphan)
            return new OrphanReading(null, NoOrphan(id));
        var (server, container) = orphan;
        var image = await Host.Engine.InspectImageAsync(container.Image, cancellationToken).ConfigureAwait(false);
        var assignment = new ServerAssignment
        {
            Server = server,
            Host = Host.Host,
            Epoch = ContainerLabels.Number(container, ContainerLabels.Epoch) ?? 0,
            Version = 1,
            LastRun = (int)Math.Min(ContainerLabels.Number(container, ContainerLabels.Run) ?? 0, int.MaxValue),
            Spec = OrphanSpec.Of(server, container, image, Host.Paths.IdentityFolder),
        };
        var faults = ServerSpecValidator.Validate(assignment.Spec);
        return faults.IsEmpty
            ? new OrphanReading(assignment, ServerResult.Accepted("It can be adopted.")) { Server = server }
            : new OrphanReading(null, ServerResult.Refused(ServerRefusal.Invalid, $"Container {container.Name} was not made as a server's is. {string.Join(" ", faults.Select(fault => fault.Message))}")) { Server = server };
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
        return IsOfThisHost(server, container) && servers.Find(server) is null && servers.Held().All(held => held.Server != server) ? (server, container) : null;
    }

    private static ServerResult NoOrphan(string id)
        => ServerResult.Refused(ServerRefusal.NotFound, $"The container {new ContainerId(id)} is gone, or its server is known by now, or its files are not among this host's: look again.");
}
