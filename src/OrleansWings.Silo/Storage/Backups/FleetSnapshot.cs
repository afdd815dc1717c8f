using StackExchange.Redis;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>All of a fleet's states and its users as they were in Redis at one moment: one script reads them, and Redis does nothing else meanwhile.</summary>
internal static class FleetSnapshot
{
    // An empty one was cleared: the provider leaves it there for its number.
    private const string ReadAll = """
        local found, seen, cursor = {}, {}, '0'
        repeat
          local page = redis.call('SCAN', cursor, 'MATCH', ARGV[1], 'COUNT', 1000)
          cursor = page[1]
          for _, key in ipairs(page[2]) do
            if not seen[key] then
              seen[key] = true
              local data = redis.call('HGET', key, 'data')
              if data and data ~= '' then
                found[#found + 1] = key
                found[#found + 1] = data
              end
            end
          end
        until cursor == '0'
        return {redis.call('GET', KEYS[1]), found}
        """;

    public static async Task<IReadOnlyList<BackupEntry>> ReadAsync(IDatabase redis)
    {
        var answer = (RedisResult[])(await redis.ScriptEvaluateAsync(ReadAll, [FleetDocuments.Key(FleetDocuments.Users)], [RedisStore.Prefix + "*"]).ConfigureAwait(false))!;
        var (users, found) = ((byte[]?)answer[0], (RedisResult[])answer[1]!);
        var entries = new List<BackupEntry>(found.Length / 2 + 1);
        foreach (var pair in found.Chunk(2))
        {
            var name = ((string)pair[0]!)[RedisStore.Prefix.Length..];
            var slash = name.IndexOf('/');
            entries.Add(new BackupEntry(slash < 0 ? name : name[..slash], slash < 0 ? "" : name[(slash + 1)..], (byte[])pair[1]!));
        }

        if (users is not null)
            entries.Add(new BackupEntry(FleetDocuments.Users, "", users));
        return entries;
    }
}
