using System.Text.Json;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Servers;

/// <summary>Which of two wishes about one server is the later: pure.</summary>
internal static class ServerWishes
{
    /// <summary>Less than 0 when the first was made before the second.</summary>
    public static int Compare(ServerAssignment one, ServerAssignment other) => (one.Epoch, one.Version).CompareTo((other.Epoch, other.Version));

    /// <summary>Whether both have the same number for the same host and say different things: a store that forgot a wish gave its number away again.</summary>
    public static bool Contradict(ServerAssignment one, ServerAssignment other)
        => Compare(one, other) == 0 && one.Host == other.Host
            && (one.DeletedAt is null != other.DeletedAt is null || !AreEqual(one.Spec, other.Spec));

    /// <summary>Whether two specs say the same. Members are lists, which compare by reference: the stored text is what counts.</summary>
    public static bool AreEqual(ServerSpec a, ServerSpec b)
        => JsonSerializer.Serialize(a, WingsJson.Options) == JsonSerializer.Serialize(b, WingsJson.Options);
}
