using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using OrleansWings.Fleets;
using OrleansWings.Silo.Storage;
using StackExchange.Redis;

namespace OrleansWings.Silo.Placement;

/// <summary>
/// Where each grain is, kept in Redis. Orleans' own directory is dealt out over all silos, hosts too: while one host hung,
/// every third first call to anything waited 4 s for it (measured, see decisions.md).
/// </summary>
internal sealed class RedisGrainDirectory(RedisLink redis, IOptions<ClusterOptions> cluster) : IGrainDirectory
{
    // Takes the place when it is free or held by the one that the caller knows to be gone; answers who holds it then.
    private const string Take = """
        local held = redis.call('GET', KEYS[1])
        if held and held ~= ARGV[2] then return held end
        redis.call('SET', KEYS[1], ARGV[1])
        return ARGV[1]
        """;

    private const string GiveBack = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
        => AskAsync(async store =>
        {
            var holder = await store.ScriptEvaluateAsync(Take, [Key(address.GrainId)], [ToText(address), previousAddress is null ? "" : ToText(previousAddress)]);
            return (GrainAddress?)Parse(address.GrainId, (string)holder!);
        });

    public Task Unregister(GrainAddress address)
        => AskAsync(store => store.ScriptEvaluateAsync(GiveBack, [Key(address.GrainId)], [ToText(address)]));

    public Task<GrainAddress?> Lookup(GrainId grainId)
        => AskAsync(async store => (string?)await store.StringGetAsync(Key(grainId)) is { } held ? (GrainAddress?)Parse(grainId, held) : null);

    // Whoever next looks for one of their grains finds that the silo is dead, and takes the place.
    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    internal static string ToText(GrainAddress address)
        => $"{address.SiloAddress!.ToParsableString()} {address.ActivationId.ToParsableString()} {address.MembershipVersion.Value}";

    internal static GrainAddress Parse(GrainId grain, string text)
        => text.Split(' ') is [var silo, var activation, var version]
            ? new GrainAddress
            {
                GrainId = grain,
                SiloAddress = SiloAddress.FromParsableString(silo),
                ActivationId = ActivationId.FromParsableString(activation),
                MembershipVersion = new MembershipVersion(long.Parse(version, System.Globalization.CultureInfo.InvariantCulture)),
            }
            : throw new FormatException($"The directory's entry for {grain} is '{text}'.");

    private RedisKey Key(GrainId grain) => $"{WingsNames.ServiceId}/directory/{cluster.Value.ClusterId}/{grain}";

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            return await ask((await redis.GetAsync()).GetDatabase());
        }
        catch (Exception e) when (RedisLink.IsAway(e))
        {
            // The client's own exceptions are not known to whoever called, and a time-out would be taken for the grain's.
            throw StoreRefusal.WhyRefused(e) is { } refused ? new StoreUnreachableException($"Nothing was done. {refused} Game servers go on.") : new StoreUnreachableException();
        }
    }
}
