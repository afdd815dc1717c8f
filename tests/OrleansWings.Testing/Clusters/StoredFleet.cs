using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Fleets;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Jobs;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Storage.Moves;
using StackExchange.Redis;

namespace OrleansWings.Testing.Clusters;

/// <summary>A fleet's records as its grains would have written them, without a grain: put into a state.db, read from a Redis.</summary>
public sealed class StoredFleet
{
    private static readonly GrainId s_fleet = new(GrainType.Create("fleet"), GrainIdKeyExtensions.CreateIntegerKey(0));

    private static readonly GrainId s_jobBook = new(GrainType.Create("job-book"), GrainIdKeyExtensions.CreateIntegerKey(0));

    public FleetRecord Fleet { get; } = new() { ClusterId = Guid.NewGuid() };

    public Dictionary<string, HostRecord> Hosts { get; } = [];

    public Dictionary<Guid, ServerRecord> Servers { get; } = [];

    /// <summary>Its jobs: one that is over.</summary>
    internal Dictionary<Guid, JobRecord> Jobs { get; } = [];

    internal JobBookRecord JobBook { get; } = new();

    /// <summary>One with some servers on each of its hosts.</summary>
    public static StoredFleet Make(int servers, params string[] hosts)
    {
        var made = new StoredFleet();
        foreach (var host in hosts)
        {
            made.Fleet.Hosts.Add(new HostId(host));
            made.Hosts[host] = new HostRecord();
        }

        for (var i = 0; i < servers; i++)
        {
            var (id, host) = (ServerId.New(), hosts[i % hosts.Length]);
            var spec = new ServerSpec { Name = $"Größe {i} \"x\"", Image = "i:1", Startup = "s", Ports = [new("0.0.0.0", 25_000 + i)] };
            made.Servers[id.Value] = new ServerRecord
            {
                Assignment = new ServerAssignment { Server = id, Host = new HostId(host), Epoch = 1, Version = i + 1, Spec = spec },
                CreatedAt = DateTimeOffset.UnixEpoch.AddDays(i),
            };
            made.Hosts[host].Servers[id] = new HostedServerRecord(spec.Name, [.. spec.Ports], IsDeleted: false);
        }

        var (job, over) = (JobId.New(), DateTimeOffset.UnixEpoch.AddDays(1));
        made.Jobs[job.Value] = new JobRecord
        {
            Request = new JobRequest { Action = PowerAction.Restart, Selection = new ServerSelection { Labels = new Dictionary<string, string> { ["a"] = "ü" }.ToImmutableSortedDictionary() } },
            CreatedAt = over,
            EndedAt = over,
            Steps = [.. made.Servers.Values.Select(server => new JobStep(server.Assignment!.Server, server.Assignment.Spec.Name, server.Assignment.Host) { RunBefore = 1 }.End(JobStepState.Done, over, "It is running."))],
        };
        made.JobBook.Jobs.Add(new JobEntry(job.Value, IsOver: true));
        return made;
    }

    /// <summary>Puts it into a state.db, which is made.</summary>
    public async Task WriteAsync(string stateFile)
    {
        await using (var store = await OpenStore.OpenAsync(silo => silo.AddWingsStore(stateFile)))
            await WriteAsync(store);
        // A pooled connection would keep the file open, and the next one under its name would not be seen.
        SqliteConnection.ClearAllPools();
    }

    /// <summary>Puts it into a Redis, as a fleet that runs there does.</summary>
    public async Task WriteAsync(ConfigurationOptions redis)
    {
        await using var store = await OpenAsync(redis);
        await WriteAsync(store);
    }

    /// <summary>What of this is not the same in a Redis, read by the provider that grains read by.</summary>
    public async Task<IReadOnlyList<string>> CompareAsync(ConfigurationOptions redis)
    {
        await using var store = await OpenAsync(redis);
        return await CompareAsync(store);
    }

    /// <summary>What of this is not the same in a state.db that nobody else has open.</summary>
    public async Task<IReadOnlyList<string>> CompareAsync(string stateFile)
    {
        await using var store = await OpenStore.OpenAsync(silo => silo.AddWingsStore(stateFile));
        var differences = await CompareAsync(store);
        WingsStore.Release(stateFile);
        return differences;
    }

    private async Task<IReadOnlyList<string>> CompareAsync(OpenStore store)
    {
        var differences = new List<string>();
        await CompareAsync(store, "fleet", s_fleet, Fleet, differences);
        foreach (var (host, record) in Hosts)
            await CompareAsync(store, "host", GrainOf(host), record, differences);
        foreach (var (server, record) in Servers)
            await CompareAsync(store, "record", GrainOf(server), record, differences);
        foreach (var (job, record) in Jobs)
            await CompareAsync(store, "job", GrainOfJob(job), record, differences);
        await CompareAsync(store, "job-book", s_jobBook, JobBook, differences);
        return differences;
    }

    private async Task WriteAsync(OpenStore store)
    {
        await store.Storage.WriteStateAsync("fleet", s_fleet, new GrainState<FleetRecord>(Fleet));
        foreach (var (host, record) in Hosts)
            await store.Storage.WriteStateAsync("host", GrainOf(host), new GrainState<HostRecord>(record));
        foreach (var (server, record) in Servers)
            await store.Storage.WriteStateAsync("record", GrainOf(server), new GrainState<ServerRecord>(record));
        foreach (var (job, record) in Jobs)
            await store.Storage.WriteStateAsync("job", GrainOfJob(job), new GrainState<JobRecord>(record));
        await store.Storage.WriteStateAsync("job-book", s_jobBook, new GrainState<JobBookRecord>(JobBook));
    }

    private static async Task CompareAsync<T>(OpenStore store, string state, GrainId grain, T expected, List<string> differences)
        where T : new()
    {
        var read = new GrainState<T>(new T());
        await store.Storage.ReadStateAsync(state, grain, read);
        var serializer = new StoredStateSerializer();
        if (!read.RecordExists || serializer.Serialize(read.State).ToString() != serializer.Serialize(expected).ToString())
            differences.Add($"{state}/{grain.Key}");
    }

    private static Task<OpenStore> OpenAsync(ConfigurationOptions redis) => OpenStore.OpenAsync(silo =>
    {
        silo.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisLink>(provider, redis));
        silo.AddWingsRedisStore(redis);
    });

    private static GrainId GrainOf(string host) => new(GrainType.Create("host"), IdSpan.Create(host));

    private static GrainId GrainOf(Guid server) => new(GrainType.Create("server-record"), GrainIdKeyExtensions.CreateGuidKey(server));

    private static GrainId GrainOfJob(Guid job) => new(GrainType.Create("job"), GrainIdKeyExtensions.CreateGuidKey(job));
}
