using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// Additional mounts only from below the host's allowed folders, compared folder by folder after links are resolved:
/// never by text, which would admit /srv/ab for /srv/a.
/// </summary>
internal static class MountGuard
{
    /// <returns>The mounts with their links resolved. Mount these: a link could lead elsewhere by the time the engine follows it.</returns>
    /// <exception cref="EngineException">A mount leads elsewhere; the message names it.</exception>
    public static ImmutableArray<MountSpec> Resolve(ImmutableArray<MountSpec> mounts, IReadOnlyList<string> allowed)
    {
        var resolved = ImmutableArray.CreateBuilder<MountSpec>();
        foreach (var mount in mounts)
        {
            if (!Path.Exists(mount.Source))
                throw new EngineException($"{mount.Source} cannot be mounted: there is no such folder on this host.");
            var source = Resolve(mount.Source);
            if (!allowed.Any(folder => IsBelow(source, Resolve(folder))))
                throw new EngineException($"{mount.Source} may not be mounted: it is not in a folder that this host allows.");
            resolved.Add(mount with { Source = source });
        }

        return resolved.ToImmutable();
    }

    private static bool IsBelow(string path, string folder)
        => path == folder || path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    // Every part may be a link, not only the last one.
    private static string Resolve(string path)
    {
        var resolved = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = Path.Combine(resolved, part);
            if (new FileInfo(resolved).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                resolved = Resolve(target.FullName);
        }

        return resolved;
    }
}
