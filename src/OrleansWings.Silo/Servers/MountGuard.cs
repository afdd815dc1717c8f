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
    // As the kernel follows.
    private const int MaxLinks = 40;

    /// <summary>Resolves mounts, or says which may not be.</summary>
    /// <param name="mounts">What the spec asks for.</param>
    /// <param name="allowed">The host's allowed folders.</param>
    /// <param name="writable">
    /// Folders that some game of this host may write to; those of another host on the same machine are not known. What lies in one could be a link to anywhere by the time the engine follows it, however it was looked at before.
    /// </param>
    /// <returns>The mounts with their links resolved. Mount these: a link could lead elsewhere by the time the engine follows it.</returns>
    /// <exception cref="EngineException">A mount leads elsewhere; the message names it.</exception>
    public static ImmutableArray<MountSpec> Resolve(ImmutableArray<MountSpec> mounts, IReadOnlyList<string> allowed, IEnumerable<string> writable)
    {
        if (mounts.IsEmpty)
            return mounts;
        string?[] below = [.. allowed.Select(Resolve)];
        // One that may not be mounted itself is nowhere mounted.
        string[] written = [.. writable.Select(Resolve).OfType<string>().Where(folder => below.Any(one => IsBelow(folder, one)))];
        var resolved = ImmutableArray.CreateBuilder<MountSpec>();
        foreach (var mount in mounts)
        {
            if (!Path.Exists(mount.Source) && below.Any(folder => IsBelow(Path.GetFullPath(mount.Source), folder)))
                throw new EngineException($"{mount.Source} cannot be mounted: there is no such folder on this host.");
            var source = Resolve(mount.Source) ?? throw new EngineException($"{mount.Source} cannot be mounted: its links lead in a circle.");
            if (!below.Any(folder => IsBelow(source, folder)))
                throw new EngineException($"{mount.Source} may not be mounted: it is not in a folder that this host allows (WINGS_MOUNTS).");
            if (written.FirstOrDefault(folder => source != folder && IsBelow(source, folder)) is { } other)
                throw new EngineException($"{mount.Source} may not be mounted: it lies in {other}, which a server may write to and could put anything else in its place. Mount all of {other}, or let servers only read it.");
            resolved.Add(mount with { Source = source });
        }

        return resolved.ToImmutable();
    }

    private static bool IsBelow(string path, string? folder)
        => folder is not null && (path == folder || path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal));

    // Every part may be a link, not only the last one; ".." leads up from where a link led. Null when there are too many of them.
    private static string? Resolve(string path)
    {
        var resolved = "/";
        var rest = new Stack<string>(Parts(Path.GetFullPath(path)));
        for (var links = 0; rest.TryPop(out var part);)
        {
            var next = part == ".." ? Path.GetDirectoryName(resolved) ?? "/" : Path.Combine(resolved, part);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
                return null;
            foreach (var each in Parts(target))
                rest.Push(each);
            if (target.StartsWith('/'))
                resolved = "/";
        }

        return resolved;
    }

    // The last first.
    private static IEnumerable<string> Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();
}
