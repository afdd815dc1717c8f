using System.Diagnostics.Metrics;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Meters that nobody reads.</summary>
internal sealed class TestMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
