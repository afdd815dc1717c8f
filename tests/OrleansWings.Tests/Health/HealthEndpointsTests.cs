using System.Net;

namespace OrleansWings.Tests.Health;

public sealed class HealthEndpointsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Live_NotSignedIn_Answers()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        Assert.Equal("live", await program.ReadAsync("/health/live"));
    }

    [Fact]
    public async Task Ready_SiloIsReady_Answers()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        Assert.Equal("ready", await program.ReadAsync("/health/ready"));
    }

    [Fact]
    public async Task Ready_SomethingIsMissing_SaysWhat()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        program.Readiness.WhyNotReady = "the engine was not reached yet";

        var answer = await program.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("not ready: the engine was not reached yet", await RunningProgram.ReadAsync(answer));
    }
}
