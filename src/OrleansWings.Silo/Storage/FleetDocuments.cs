using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OrleansWings.Silo.Storage;

/// <summary>Small documents of a fleet that are needed before and beside grains: its users, the keys of their cookies.</summary>
public sealed class FleetDocuments
{
    private const string Replace = """
        local held = redis.call('GET', KEYS[1])
        if (held or '') ~= ARGV[2] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1])
        return 1
        """;

    /// <summary>The document with the users.</summary>
    public const string Users = "users";

    /// <summary>The list of the keys that sign cookies.</summary>
    public const string CookieKeys = "keys";

    private readonly RedisLink _redis;

    internal FleetDocuments(RedisLink redis) => _redis = redis;

    /// <summary>For a command that runs beside the program: a connection of its own, kept until the command ends.</summary>
    /// <param name="redis">The cluster's store.</param>
    /// <param name="loggers">For what the connection has to say.</param>
    public static FleetDocuments Open(ConfigurationOptions redis, ILoggerFactory loggers)
        => new(new RedisLink(redis, TimeProvider.System, loggers.CreateLogger<RedisLink>()));

    /// <summary>A document; null when there is none.</summary>
    /// <exception cref="IOException">The store does not answer.</exception>
    public byte[]? Read(string name) => Ask(store => (byte[]?)store.StringGet(Key(name)));

    /// <summary>Writes a document that still is what the caller read.</summary>
    /// <returns>False when somebody else wrote it meanwhile.</returns>
    /// <exception cref="IOException">The store does not answer: it may have been written or not.</exception>
    public bool Write(string name, byte[] content, byte[]? before)
        => Ask(store => (int)store.ScriptEvaluate(Replace, [Key(name)], [content, before ?? []]) == 1);

    /// <summary>All entries of a list, in the order of writing.</summary>
    /// <exception cref="IOException">The store does not answer.</exception>
    public IReadOnlyList<string> ReadList(string name) => Ask(store => store.ListRange(Key(name)).Select(entry => entry.ToString()).ToArray());

    /// <summary>Adds an entry to a list.</summary>
    /// <exception cref="IOException">The store does not answer.</exception>
    public void Append(string name, string entry) => Ask(store => store.ListRightPush(Key(name), entry));

    internal static RedisKey Key(string name) => $"{WingsNames.ServiceId}/documents/{name}";

    // The callers' interfaces (Identity's list, data protection) are synchronous; the store answers within a millisecond,
    // or is given up after two seconds.
    private T Ask<T>(Func<IDatabase, T> ask)
    {
        try
        {
            return ask(_redis.GetAsync().GetAwaiter().GetResult().GetDatabase());
        }
        catch (Exception e) when (RedisLink.IsAway(e))
        {
            throw new IOException("The cluster's store does not answer.", e);
        }
    }
}
