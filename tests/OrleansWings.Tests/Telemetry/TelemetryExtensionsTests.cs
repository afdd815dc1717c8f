using OrleansWings.Telemetry;

namespace OrleansWings.Tests.Telemetry;

public sealed class TelemetryExtensionsTests
{
    [Theory]
    [InlineData("OrleansWings.Silo.Servers.ServerGrain", LogLevel.Information, true)]
    [InlineData("OrleansWings.Silo.Servers.ServerGrain", LogLevel.Debug, false)]
    [InlineData("Orleans.Runtime.Catalog", LogLevel.Information, false)]
    [InlineData("Orleans.Runtime.Catalog", LogLevel.Warning, true)]
    [InlineData("Orleans.Messaging", LogLevel.Error, false)]
    [InlineData("Polly", LogLevel.Information, false)]
    [InlineData("Microsoft.Hosting.Lifetime", LogLevel.Information, false)]
    public void AddWingsLogging_Information_KeepsOursAndQuietsTheNoisy(string category, LogLevel level, bool isLogged)
    {
        using var factory = LoggerFactory.Create(logging => logging.AddWingsLogging(LogLevel.Information, () => false));

        Assert.Equal(isLogged, factory.CreateLogger(category).IsEnabled(level));
    }

    [Fact]
    public void AddWingsLogging_WhileStopping_OnlyOursIsHeard()
    {
        var isStopping = false;
        using var factory = LoggerFactory.Create(logging => logging.AddWingsLogging(LogLevel.Information, () => isStopping));
        var (library, ours) = (factory.CreateLogger("Orleans.Providers.MemoryAdapterReceiver"), factory.CreateLogger("OrleansWings.Silo.Hosts.EngineWatch"));
        Assert.True(library.IsEnabled(LogLevel.Error));

        isStopping = true;

        Assert.False(library.IsEnabled(LogLevel.Error));
        Assert.True(ours.IsEnabled(LogLevel.Warning));
    }
}
