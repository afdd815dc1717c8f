using System.Text;
using OrleansWings.Silo.Storage.Backups;

namespace OrleansWings.Silo.Tests.Storage.Backups;

/// <summary>What was in the trash has its whole time there again.</summary>
public sealed class RestoredTrashTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Theory]
    [InlineData("record", """{"schema":1,"assignment":{"deletedAt":"2020-01-01T00:00:00+00:00","new":"grün"},"more":1}""", """{"schema":1,"assignment":{"deletedAt":"2024-10-04T00:00:00+00:00","new":"grün"},"more":1}""")]
    [InlineData("record", """{"schema":1, "assignment":{"version":1}}""", null)]
    [InlineData("record", """{"schema":1, "assignment":{"deletedAt":null}}""", null)]
    [InlineData("record", """{"schema":1, "assignment":null}""", null)]
    [InlineData("record", """[1]""", null)]
    [InlineData("record", """{"assignment":{"deletedAt":1,"deletedAt":2}}""", null)]
    [InlineData("record", "{ damaged", null)]
    [InlineData("host", """{"assignment":{"deletedAt":"2020-01-01T00:00:00+00:00"}}""", null)]
    public void Begin_DeletedServer_IsDeletedNow_AndNothingElseIsTouched(string kind, string payload, string? expected)
    {
        var entry = new BackupEntry(kind, "k", Encoding.UTF8.GetBytes(payload));
        Assert.Equal(expected ?? payload, Encoding.UTF8.GetString(RestoredTrash.Begin([entry], s_now).Single().Payload));
    }
}
