using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansWings.Silo.Storage.Moves;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>One thing that a backup holds, byte for byte as the store has it.</summary>
/// <param name="Kind">The state's name, or <see cref="FleetDocuments.Users"/>.</param>
/// <param name="Key">Whose it is: the key of the grain; "" for the users.</param>
/// <param name="Payload">What the store has.</param>
internal sealed record BackupEntry(string Kind, string Key, byte[] Payload)
{
    /// <summary>All kinds that this version knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. StateFileContent.States, FleetDocuments.Users];

    public bool IsState => Kind != FleetDocuments.Users;

    /// <summary>The grain that owns it; the type is not part of any stored key.</summary>
    public GrainId Grain => new(GrainType.Create(Kind), IdSpan.Create(Key));

    /// <summary>For a message, and to compare by.</summary>
    public string Name => IsState ? $"{Kind}/{Key}" : Kind;

    /// <summary>The same with something changed in it, on the JSON itself, so that members that this version does not know stay; null when nothing is to be changed, or it is damaged.</summary>
    /// <param name="change">Changes it; false for nothing to do.</param>
    public BackupEntry? TryChange(Func<JsonObject, bool> change)
    {
        try
        {
            return JsonNode.Parse(Payload) is JsonObject json && change(json) ? this with { Payload = JsonSerializer.SerializeToUtf8Bytes(json, WingsJson.Options) } : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Damaged: whoever opens it is told.
            return null;
        }
    }

    /// <summary>The form that it says it has; null when it cannot be read.</summary>
    public int? FindSchema()
    {
        try
        {
            using var json = JsonDocument.Parse(Payload);
            return json.RootElement.TryGetProperty("schema", out var schema) && schema.TryGetInt32(out var number) ? number : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
