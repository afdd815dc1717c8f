using Microsoft.Extensions.Time.Testing;
using OrleansWings.Certificates;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Certificates;

public sealed class RefusalLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<RefusalLogTests> _logger = new();

    [Fact]
    public void Refused_Often_IsSaidOnceAMinuteWithTheNumber()
    {
        var log = new RefusalLog(_logger, _time);
        for (var i = 0; i < 500; i++)
            log.Refused(PeerPurpose.SiloInbound, "10.0.0.9", "it showed no certificate");
        _time.Advance(TimeSpan.FromMinutes(1));
        log.Refused(PeerPurpose.SiloInbound, "10.0.0.9", "it showed no certificate");

        Assert.Equal(
            [
                "Refused 10.0.0.9 at the silo's port: it showed no certificate. 0 more since this was last said",
                "Refused 10.0.0.9 at the silo's port: it showed no certificate. 499 more since this was last said",
            ], _logger.Entries.Select(entry => entry.Message));
    }

    [Fact]
    public void Refused_FromVeryManyAddresses_IsBounded()
    {
        var log = new RefusalLog(_logger, _time);
        for (var i = 0; i < 10_000; i++)
            log.Refused(PeerPurpose.GatewayInbound, $"2001:db8::{i:x}", "it showed no certificate");

        Assert.Equal(1_001, _logger.Entries.Count);
        Assert.StartsWith("Refused many addresses at the gateway", _logger.Entries[^1].Message);
    }
}
