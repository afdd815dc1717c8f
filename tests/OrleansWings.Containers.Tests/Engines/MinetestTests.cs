using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>A real game server under all of the hardening: its players reach it, it obeys its console, and it stops by its own hand.</summary>
[Trait("Needs", "Docker")]
public sealed class MinetestTests : ContainerEngineRunner
{
    private const int Port = 28_300;

    // The first packet of a client; the server answers with the number it gives to the new peer.
    private const string Hello =
        "my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:28300', Proto => 'udp') or die; $SIG{ALRM} = sub { die 'no answer' }; alarm 20;"
        + " $s->send(\"\\x4f\\x45\\x74\\x03\\x00\\x00\\x00\\x01\"); $s->recv(my $answer, 100) or 1; print unpack('H*', $answer);";

    [Fact]
    public async Task Minetest_Hardened_AnswersPlayersAndCommandsAndStops()
    {
        var address = RealEngine.Require();
        await HostCommand.RunAsync(Path.Combine(HostCommand.Repository, "scripts/make-minetest-image"), [address.ToString(), "orleanswings-minetest:latest"], Token);
        var folder = await RealEngine.CreateFolderAsync(Token);
        try
        {
            var name = await CreateAsync(NewSpec() with
            {
                Image = "orleanswings-minetest:latest",
                NetworkMode = "bridge",
                Ports = [new PortBinding("127.0.0.1", Port)],
                Mounts = [new BindMount(folder, "/home/container", IsReadOnly: false)],
                Environment = new Dictionary<string, string>
                {
                    ["SERVER_PORT"] = $"{Port}",
                    ["STARTUP"] = "minetestserver --port {{SERVER_PORT}} --world /home/container/world --gameid minetest",
                },
                Limits = new ContainerLimits { MemoryBytes = 512 << 20, MemorySwapBytes = 512 << 20, CpuQuota = 100_000, ProcessLimit = 64 },
            });
            var console = await TapAsync(name);
            await Engine.StartAsync(name, Token);
            await console.WaitForAsync($"listening on [::]:{Port}", Token);
            Assert.StartsWith("4f457403", await HostCommand.RunAsync("nsenter", RealEngine.InNamespace("perl", "-MIO::Socket::INET", "-e", Hello), Token), StringComparison.Ordinal);

            // The image's own console: the game answers what is typed, in lines of the log.
            await console.TypeAsync("/time 6000", Token);
            await console.WaitForAsync("Time of day changed.", Token);
            await console.TypeAsync("/nonsense", Token);
            await console.WaitForAsync("Invalid command: nonsense", Token);

            Assert.True(await Engine.KillAsync(name, "SIGINT", Token));
            Assert.Equal(0, (await Engine.WaitAsync(name, Token))?.Code);
            Assert.True(Directory.Exists(Path.Combine(folder, "world")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
