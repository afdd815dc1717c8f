using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansWings.Allocations;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.DevHost.Fakes;

/// <summary>The whole backend of the dashboard, in memory.</summary>
public sealed class FakeFleet(TimeProvider time) : IFleet, IFleetFeed, IConsoleFeeds
{
    private readonly ConcurrentDictionary<ServerId, FakeServer> _servers = [];
    private readonly ConcurrentDictionary<HostId, HostSnapshot> _hosts = [];
    private readonly ConcurrentDictionary<HostId, FakeHost> _settings = [];
    private readonly ConcurrentDictionary<Channel<FleetUpdate>, bool> _watchers = [];

    private readonly OrderedDictionary<JobId, FakeJob> _jobs = [];

    /// <summary>Answers creations in place of the fleet; null for its own answer.</summary>
    public Func<ServerSpec, ServerId, Task<ServerResult>>? OnCreate { get; set; }

    /// <summary>Thrown in place of what is read of a console; null for the answer.</summary>
    public Exception? ConsoleFault { get; set; }

    /// <summary>Thrown in place of who holds which port, of every host; null for the answer.</summary>
    public Exception? AllocationsFault { get; set; }

    /// <summary>Notes of ports, of every host.</summary>
    public Dictionary<Allocation, string> Notes { get; } = [];

    /// <summary>The servers that are not deleted.</summary>
    public IEnumerable<FakeServer> Servers => _servers.Values.Where(server => server.DeletedAt is null);

    public FakeServer Add(ServerSpec spec, HostId host, ServerId? id = null)
    {
        var server = new FakeServer(this, spec, id ?? ServerId.New(), host, time);
        _servers[server.Id] = server;
        Publish(server);
        return server;
    }

    public void Add(HostSnapshot host)
    {
        _hosts[host.Id] = host;
        Publish(new FleetUpdate { Hosts = [host] });
    }

    /// <summary>A host goes with its servers.</summary>
    public void Remove(HostId host)
    {
        _hosts.TryRemove(host, out _);
        var gone = _servers.Values.Where(server => server.Snapshot.Host == host).Select(server => server.Id).ToArray();
        foreach (var server in gone)
            _servers.TryRemove(server, out _);
        Publish(new FleetUpdate { Removed = [.. gone], RemovedHosts = [host] });
    }

    public void Publish(FakeServer server) => Publish(new FleetUpdate { Servers = [server.Listing] });

    /// <summary>Nothing of it is left, as when the trash was emptied.</summary>
    public void Remove(FakeServer server)
    {
        _servers.TryRemove(server.Id, out _);
        Publish(new FleetUpdate { Removed = [server.Id] });
    }

    public void Publish(FleetUpdate update)
    {
        foreach (var watcher in _watchers.Keys)
            watcher.Writer.TryWrite(update);
    }

    public IServer GetServer(ServerId id) => _servers.TryGetValue(id, out var server) ? server : new MissingServer(id);

    /// <summary>What the hosts' engines have.</summary>
    public Dictionary<HostId, ImmutableArray<string>> Images { get; } = [];

    public IFleetHost GetHost(HostId id) => _settings.GetOrAdd(id, _ => new FakeHost(this, id, time));

    public HostSnapshot? FindHost(HostId id) => _hosts.GetValueOrDefault(id);

    public async Task<ServerResult> CreateServerAsync(ServerSpec spec, ServerId? id = null)
    {
        var wanted = id ?? ServerId.New();
        if (OnCreate is { } answer)
            return await answer(spec, wanted);
        foreach (var (port, i) in spec.Ports.Select((port, i) => (port, i)))
        {
            if (Servers.FirstOrDefault(server => server.Snapshot.Ports.Any(port.Overlaps)) is { } holder)
            {
                var message = $"Port {port} is held by {holder.Spec.Name}.";
                return ServerResult.Refused(ServerRefusal.PortTaken, message) with { Faults = [new SpecFault($"Ports[{i}]", message)] };
            }
        }

        if (!_servers.ContainsKey(wanted))
            Add(spec, spec.Host ?? _hosts.Keys.Order(Comparer<HostId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value))).First(), wanted);
        return ServerResult.Accepted($"{spec.Name} is created.") with { Server = wanted };
    }

    public Task<ImmutableArray<ServerSnapshot>> ListServersAsync()
        => Task.FromResult(Servers.Select(server => server.Snapshot).OrderBy(server => server.Name, StringComparer.Ordinal).ToImmutableArray());

    public Task<ImmutableArray<HostSnapshot>> ListHostsAsync() => Task.FromResult(_hosts.Values.ToImmutableArray());

    public Task<ImmutableArray<DeletedServer>> ListDeletedServersAsync() => Task.FromResult(_servers.Values
        .Where(server => server.DeletedAt is not null)
        .Select(server => new DeletedServer(server.Id, server.Spec.Name, server.Snapshot.Host, server.DeletedAt!.Value, server.DeletedAt.Value.AddDays(ServerTrash.Days)))
        .ToImmutableArray());

    /// <summary>Every job, the newest first.</summary>
    public IReadOnlyList<FakeJob> Jobs => [.. _jobs.Values.Reverse()];

    public IJob GetJob(JobId id) => _jobs.TryGetValue(id, out var job) ? job : new FakeJob(this, id, new JobRequest { Action = PowerAction.Stop, Selection = new ServerSelection() }, [], time) { IsMissing = true };

    public Task<ServerResult> CreateJobAsync(JobRequest request, JobId? id = null)
    {
        if (JobRequestValidator.Check(request) is { IsEmpty: false } faults)
            return Task.FromResult(ServerResult.Invalid(faults));
        var servers = Servers.Select(server => server.Snapshot).Where(request.Selection.Fits).OrderBy(server => server.Name, StringComparer.Ordinal).ToArray();
        if (servers.Length == 0)
            return Task.FromResult(ServerResult.Refused(ServerRefusal.NothingSelected, "No server fits."));
        var job = new FakeJob(this, id ?? JobId.New(), request, servers, time);
        _jobs[job.Id] = job;
        return Task.FromResult(ServerResult.Accepted($"{request.Action} {servers.Length}: begun.") with { Job = job.Id });
    }

    public async Task<JobSnapshot?> FindJobAsync(ServerId server) => Jobs.FirstOrDefault(job => job.IsOpen(server)) is { } open ? await open.GetSnapshotAsync() : null;

    public async Task<ImmutableArray<JobSnapshot>> ListJobsAsync()
    {
        var jobs = new List<JobSnapshot>();
        foreach (var job in Jobs)
            jobs.Add((await job.GetSnapshotAsync())!);
        return [.. jobs];
    }

    public async IAsyncEnumerable<FleetUpdate> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<FleetUpdate>();
        _watchers[channel] = true;
        try
        {
            yield return new FleetUpdate
            {
                IsSnapshot = true,
                Servers = [.. _servers.Values.Select(server => server.Listing)],
                Hosts = [.. _hosts.Values],
            };
            await foreach (var update in channel.Reader.ReadAllAsync(cancellationToken))
                yield return update;
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Breaks every watch, as a lost silo does.</summary>
    public void Break()
    {
        foreach (var watcher in _watchers.Keys)
            watcher.Writer.TryComplete(new IOException("The feed broke."));
    }

    public IAsyncEnumerable<ConsoleBatch> WatchAsync(ServerId server, ConsoleCursor from, CancellationToken cancellationToken)
        => _servers[server].Journal.WatchAsync(from, cancellationToken);

    public Task<ConsolePage> ReadAsync(ServerId server, ConsoleCursor from, int maxBytes, CancellationToken cancellationToken)
    {
        if (ConsoleFault is not null)
            return Task.FromException<ConsolePage>(ConsoleFault);
        var journal = _servers[server].Journal;
        return Task.FromResult(new ConsolePage { Batch = journal.Read(from, maxBytes), Head = journal.Head });
    }
}
