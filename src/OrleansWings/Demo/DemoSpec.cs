using OrleansWings.Servers;

namespace OrleansWings.Demo;

/// <summary>A Minetest server with its world and its settings in the server's own files.</summary>
internal static class DemoSpec
{
    public const int Port = 30_000;

    // For a public image: its entrypoint does not know STARTUP, and its game reads nothing from the console. What is typed
    // gets an answer all the same, so that nobody waits for an effect. Our own image (scripts/make-minetest-image) runs it.
    private const string StandIn = """
        cd /home/container || exit 1
        export HOME=/home/container
        exec 3<&0
        while read -r line; do echo 'This image of the game reads no commands here: give them in the game, as a player.'; done <&3 &
        exec /bin/sh -c "$STARTUP"
        """;

    public static ServerSpec Create(string image) => new()
    {
        Name = "Demo: Minetest",
        Image = image,
        Command = image.StartsWith('~') ? [] : ["/bin/sh", "-c", StandIn],
        Startup = "touch minetest.conf; exec minetestserver --gameid minetest --world /home/container/world"
            + $" --config /home/container/minetest.conf --logfile /home/container/minetest.log --port {Port}",
        DoneLines = ["listening on", "Server for gameid"],
        Stop = new StopRule { Kind = StopKind.Signal, Value = "SIGINT", Grace = TimeSpan.FromSeconds(30) },
        Limits = new ServerLimits { MemoryMiB = 1_024 },
        Ports = [new("0.0.0.0", Port)],
    };
}
