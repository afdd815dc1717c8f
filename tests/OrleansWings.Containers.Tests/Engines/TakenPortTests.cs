using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Engines;

[Trait("Needs", "Docker")]
public sealed class TakenPortTests : ContainerEngineRunner
{
    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task Start_PortHeldByAStranger_ThrowsPortTaken(string protocol)
    {
        const int Port = 28_131;
        var stranger = HostCommand.Start("nsenter", RealEngine.InNamespace("perl", "-MIO::Socket::INET", "-e", Holder(Port, protocol)));
        try
        {
            await UntilHeldAsync(Port, protocol);
            var name = await CreateAsync(NewSpec() with { NetworkMode = "bridge", Ports = [new PortBinding("127.0.0.1", Port)] });
            var failure = await Assert.ThrowsAsync<PortTakenException>(() => Engine.StartAsync(name, Token));
            Assert.Equal($"127.0.0.1:{Port}", failure.Port);
        }
        finally
        {
            stranger.Kill();
            await stranger.WaitForExitAsync(CancellationToken.None);
            stranger.Dispose();
        }
    }

    private static async Task UntilHeldAsync(int port, string protocol)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var sockets = await HostCommand.RunAsync("nsenter", RealEngine.InNamespace("cat", $"/proc/self/net/{protocol}"), Token);
            if (sockets.Contains($":{port:X4} ", StringComparison.Ordinal))
                return;

            await Task.Delay(50, Token);
        }

        Assert.Fail("The stranger never took the port.");
    }

    private static string Holder(int port, string protocol)
        => $"my $held = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => {port}, Proto => '{protocol}'{(protocol == "tcp" ? ", Listen => 1" : "")}) or die; sleep 600;";
}
