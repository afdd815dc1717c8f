using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>What the platform counts about servers; one place, called with verbs.</summary>
public sealed class ServerInstruments : IDisposable
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = "OrleansWings.Servers";

    private readonly Meter _meter;
    private readonly Counter<long> _actions;
    private readonly Counter<long> _exits;
    private readonly Histogram<double> _starts;
    private readonly Histogram<double> _sampling;
    private readonly Counter<long> _published;

    public ServerInstruments(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _actions = _meter.CreateCounter<long>("orleanswings-server-power-actions", description: "Power actions asked for, by action and answer.");
        _exits = _meter.CreateCounter<long>("orleanswings-server-exits", description: "Ended processes, by whether that had been asked for.");
        _starts = _meter.CreateHistogram<double>("orleanswings-server-start-duration", "s", "From an accepted start to running.");
        _sampling = _meter.CreateHistogram<double>("orleanswings-usage-sampling-duration", "s", "One round of measuring all servers of the host.");
        _published = _meter.CreateCounter<long>("orleanswings-console-published-bytes", "By", "Console records sent to their streams.");
    }

    /// <summary>Spans of the steps of a start.</summary>
    internal static ActivitySource Source { get; } = new(Name);

    public void OnPowerAction(PowerAction action, ServerRefusal answer)
        => _actions.Add(1, new("action", action.ToString()), new("answer", answer.ToString()));

    public void OnExit(bool wasAskedFor) => _exits.Add(1, new KeyValuePair<string, object?>("asked-for", wasAskedFor));

    public void OnRunning(TimeSpan sinceAccepted) => _starts.Record(sinceAccepted.TotalSeconds);

    public void OnSampled(TimeSpan elapsed) => _sampling.Record(elapsed.TotalSeconds);

    public void OnConsolePublished(int bytes) => _published.Add(bytes);

    /// <summary>Has the number of servers by state, and whether the engine answers, observed.</summary>
    internal void Observe(HostServers servers)
    {
        _meter.CreateObservableGauge("orleanswings-servers", () => servers.All
            .GroupBy(worker => worker.State.Power)
            .Select(group => new Measurement<int>(group.Count(), new KeyValuePair<string, object?>("state", group.Key.ToString()))),
            description: "Servers of this host, by power state.");
        _meter.CreateObservableGauge("orleanswings-engine-reachable", () => servers.Host.Watch.IsReachable ? 1 : 0, description: "Whether the Docker engine answers.");
    }

    public void Dispose() => _meter.Dispose();
}
