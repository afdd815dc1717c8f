using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>Finds a server's container, under whatever name it has by now.</summary>
internal static class ServerContainerSearch
{
    /// <summary>
    /// The container that has the server's name; else the server's own that somebody renamed, which gets its name back: not found, it would be called
    /// gone while it runs, and the next start would run the game a second time on the same files.
    /// </summary>
    /// <param name="engine">Where to look.</param>
    /// <param name="server">Whose.</param>
    /// <param name="cluster">Only of this installation; of any when it is not known yet.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    /// <returns>Null when there is none. By name it may be a stranger's.</returns>
    public static async Task<ContainerState?> FindAsync(this IContainerEngine engine, ServerId server, Guid? cluster, CancellationToken cancellationToken)
    {
        var name = server.ToString();
        if (await engine.InspectAsync(name, cancellationToken).ConfigureAwait(false) is { } named)
            return named;
        var labelled = await engine.ListAsync($"{ContainerLabels.ServerId}={name}", cancellationToken).ConfigureAwait(false);
        if (labelled.FirstOrDefault(container => container.IsOf(server, cluster)) is not { } renamed)
            return null;
        await engine.RenameAsync(renamed.Id.Value, name, cancellationToken).ConfigureAwait(false);
        return await engine.InspectAsync(renamed.Id.Value, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether it was made for this server by this installation, whatever its name is.</summary>
    public static bool IsOf(this ContainerState container, ServerId server, Guid? cluster)
        => container.Labels.GetValueOrDefault(ContainerLabels.ServerId) == server.ToString()
            && (cluster is null || container.Labels.GetValueOrDefault(ContainerLabels.Cluster) == cluster.Value.ToString("D"));
}
