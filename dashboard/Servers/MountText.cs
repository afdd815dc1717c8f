using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Mounts as one types them, as Docker has them: "/srv/maps:/maps", one per line, and with ":rw" at the end for one that may be written.</summary>
public static class MountText
{
    /// <summary>As text.</summary>
    public static string Write(IEnumerable<MountSpec> mounts)
        => string.Join('\n', mounts.Select(mount => $"{mount.Source}:{mount.Target}{(mount.IsReadOnly ? "" : ":rw")}"));

    /// <summary>Reads them. Whether they can be is for the validator to say.</summary>
    /// <param name="lines">As typed.</param>
    /// <param name="faults">What cannot be read, each naming what was typed.</param>
    public static ImmutableArray<MountSpec> Read(IEnumerable<string> lines, out ImmutableArray<SpecFault> faults)
    {
        var mounts = ImmutableArray.CreateBuilder<MountSpec>();
        var found = ImmutableArray.CreateBuilder<SpecFault>();
        foreach (var line in lines)
        {
            if (line.Split(':', StringSplitOptions.TrimEntries) is [var source, var target, .. { Length: <= 1 } rest] && rest is [] or ["rw" or "ro"])
                mounts.Add(new MountSpec(source, target, rest is not ["rw"]));
            else
                found.Add(new SpecFault($"Mounts[{mounts.Count + found.Count}]", $"'{line}' is not a mount: write /srv/maps:/maps, and :rw behind it if it may be written."));
        }

        faults = found.ToImmutable();
        return mounts.ToImmutable();
    }
}
