using OrleansWings.Servers;

namespace OrleansWings.Demo;

/// <summary>A Minetest server with its world and its settings in the server's own files.</summary>
internal static class DemoSpec
{
    public const int Port = 30_000;

    public static ServerSpec Create(string image) => new()
    {
        Name = "Demo: Minetest",
        Image = image,
        // A public image's entrypoint does not know STARTUP, as ours does.
        Command = image.StartsWith('~') ? [] : ["/bin/sh", "-c", "cd /home/container && export HOME=/home/container && exec /bin/sh -c \"$STARTUP\""],
        Startup = "touch minetest.conf; exec minetestserver --gameid minetest --world /home/container/world"
            + $" --config /home/container/minetest.conf --logfile /home/container/minetest.log --port {Port}",
        DoneLines = ["listening on", "Server for gameid"],
        Stop = new StopRule { Kind = StopKind.Signal, Value = "SIGINT", Grace = TimeSpan.FromSeconds(30) },
        Limits = new ServerLimits { MemoryMiB = 1_024 },
        Ports = [new("0.0.0.0", Port)],
    };
}
