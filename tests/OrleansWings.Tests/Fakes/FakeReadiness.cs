using OrleansWings.Silo.Hosting;

namespace OrleansWings.Tests.Fakes;

internal sealed class FakeReadiness : IWingsReadiness
{
    public string? WhyNotReady { get; set; }
}
