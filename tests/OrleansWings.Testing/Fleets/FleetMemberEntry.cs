using System.Text.Json;
using StackExchange.Redis;

namespace OrleansWings.Testing.Fleets;

/// <summary>One silo as the membership in Redis has it.</summary>
/// <param name="Silo">Its address, with the number of its start.</param>
/// <param name="Name">"host:h1", "control:c1".</param>
/// <param name="IsDead">Whether the cluster goes on without it.</param>
/// <param name="Votes">How many say at present that it does not answer them.</param>
public sealed record FleetMemberEntry(string Silo, string Name, bool IsDead, int Votes)
{
    private const int Dead = 6; // SiloStatus.Dead, as Orleans writes it

    /// <summary>Reads the table that the silos keep.</summary>
    public static async Task<IReadOnlyList<FleetMemberEntry>> ReadAsync(IDatabase store)
    {
        var rows = await store.HashGetAllAsync($"{WingsNames.ServiceId}/members/{WingsNames.ServiceId}");
        return [.. rows.Where(row => row.Name != "Version").Select(row => Parse((string)row.Value!))];
    }

    private static FleetMemberEntry Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var row = document.RootElement;
        var votes = row.TryGetProperty("SuspectTimes", out var suspects) && suspects.ValueKind == JsonValueKind.Array ? suspects.GetArrayLength() : 0;
        return new FleetMemberEntry(row.GetProperty("SiloAddress").ToString(), row.GetProperty("SiloName").GetString()!, row.GetProperty("Status").GetInt32() == Dead, votes);
    }
}
