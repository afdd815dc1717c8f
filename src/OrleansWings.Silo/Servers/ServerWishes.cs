using System.Text.Json;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Servers;

/// <summary>Which of two wishes about one server is the later: pure.</summary>
internal static class ServerWishes
{
    /// <summary>Less than 0 when the first was made before the second.</summary>
    public static int Compare(ServerAssignment one, ServerAssignment other) => (one.Epoch, one.Version).CompareTo((other.Epoch, other.Version));

    /// <summary>
    /// The epoch of an assignment that is made now: later than any that was made before, those included that the store has forgotten with an
    /// older copy, with a host that was removed, or with a server whose id is used again. Milliseconds since 1970, as nothing else outlives all of
    /// these; so a forgotten one by a clock that was ahead is later all the same, for as long as the clock was ahead.
    /// </summary>
    /// <param name="last">The latest one that is known; 0 when there is none.</param>
    /// <param name="now">The time; a clock that is behind still gives one after <paramref name="last"/>.</param>
    public static long NextEpoch(long last, DateTimeOffset now) => Math.Max(last + 1, now.ToUnixTimeMilliseconds());

    /// <summary>Whether two hosts were given the server with the same epoch, so that neither of them is positively the earlier.</summary>
    public static bool AreRivals(ServerAssignment one, ServerAssignment other) => one.Epoch == other.Epoch && one.Host != other.Host;

    /// <summary>Whether both have the same number for the same host and say different things: a store that forgot a wish gave its number away again.</summary>
    public static bool Contradict(ServerAssignment one, ServerAssignment other)
        => Compare(one, other) == 0 && one.Host == other.Host
            && (one.DeletedAt is null != other.DeletedAt is null || !AreEqual(one.Spec, other.Spec));

    /// <summary>Whether two specs say the same. Members are lists, which compare by reference: the stored text is what counts.</summary>
    public static bool AreEqual(ServerSpec a, ServerSpec b)
        => JsonSerializer.Serialize(a, WingsJson.Options) == JsonSerializer.Serialize(b, WingsJson.Options);
}
