using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// Which parts of a spec a container is made of, and what people call them: so that a page can say what of a change waits for the
/// next start. Short hashes are kept, not the values: an environment may have a megabyte.
/// </summary>
internal static class SpecParts
{
    /// <summary>By the member's name, which is stored and never changes. Limits are not among them: they change on the running container.</summary>
    public static readonly ImmutableDictionary<string, (string Words, Func<ServerSpec, object?> Value)> All =
        new Dictionary<string, (string, Func<ServerSpec, object?>)>
        {
            [nameof(ServerSpec.Image)] = ("image", spec => spec.Image),
            [nameof(ServerSpec.Startup)] = ("start-up command", spec => spec.Startup),
            [nameof(ServerSpec.Command)] = ("container command", spec => spec.Command),
            [nameof(ServerSpec.DoneLines)] = ("done-lines", spec => spec.DoneLines),
            [nameof(ServerSpec.Environment)] = ("environment", spec => spec.Environment),
            [nameof(ServerSpec.Ports)] = ("ports", spec => spec.Ports),
            [nameof(ServerSpec.Mounts)] = ("mounts", spec => spec.Mounts),
            [nameof(ServerSpec.IsOutgoingIpForced)] = ("outgoing address", spec => spec.IsOutgoingIpForced),
            [nameof(ServerSpec.Labels)] = ("labels", spec => spec.Labels),
            [nameof(ServerSpec.TimeZone)] = ("time zone", spec => spec.TimeZone),
        }.ToImmutableDictionary();

    /// <summary>The members that apply at once, or say where it runs.</summary>
    public static readonly ImmutableHashSet<string> AtOnce =
    [
        nameof(ServerSpec.Name), nameof(ServerSpec.Stop), nameof(ServerSpec.Limits), nameof(ServerSpec.RestartOnCrash), nameof(ServerSpec.StartPriority),
        nameof(ServerSpec.Host), nameof(ServerSpec.HostLabels), nameof(ServerSpec.Placement), nameof(ServerSpec.PortCount),
    ];

    /// <summary>The hash of each part.</summary>
    public static ImmutableSortedDictionary<string, string> Of(ServerSpec spec)
        => All.ToImmutableSortedDictionary(part => part.Key, part => Hash(part.Value.Value(spec)), StringComparer.Ordinal);

    /// <summary>What of a spec is not what the container was made of, in words.</summary>
    public static IEnumerable<string> Differing(IReadOnlyDictionary<string, string> applied, ServerSpec spec)
        => Of(spec).Where(part => applied.TryGetValue(part.Key, out var hash) && hash != part.Value).Select(part => All[part.Key].Words);

    private static string Hash(object? value) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, WingsJson.Options)))[..12];
}
