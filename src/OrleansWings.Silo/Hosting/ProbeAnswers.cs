using System.Diagnostics.Metrics;

namespace OrleansWings.Silo.Hosting;

/// <summary>When another silo last answered this process. Orleans probes them all and tells nobody but its metrics.</summary>
internal sealed class ProbeAnswers : IDisposable
{
    private const string Meter = "Microsoft.Orleans";
    private const string Answered = "orleans-messaging-pings-reply-received";

    private readonly MeterListener _listener = new();
    private readonly TimeProvider _time;
    private long _last;

    public ProbeAnswers(TimeProvider time)
    {
        _time = time;
        _last = time.GetTimestamp();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == Answered && instrument.Meter.Name == Meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, _, _, _) => Interlocked.Exchange(ref _last, _time.GetTimestamp()));
        _listener.Start();
    }

    /// <summary>How long ago; since the start when nobody did yet.</summary>
    public TimeSpan Since => _time.GetElapsedTime(Interlocked.Read(ref _last));

    public void Dispose() => _listener.Dispose();
}
