using OrleansWings.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>What is kept of the end of a real process: its exit code, whether it was for want of memory, and the console's last lines.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerExitOnEngineTests
{
    [Theory]
    [InlineData("oom", 137, true, "oom")]
    [InlineData("crash 3", 3, false, "Crashing")]
    public async Task Exit_OfAGameThatSaidMore_IsKeptWithItsReasonAndTheLastFiftyLines(string command, int code, bool isOutOfMemory, string last)
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = 32 } });
        await host.Program.SendAsync("flood 70");
        await host.UntilAsync(() => host.Worker.Console.ReadText(5).Contains("flood over"), "its lines");
        await host.Program.SendAsync(command);
        await host.UntilAsync(() => host.Worker.State.Power == PowerState.Offline, "its end");

        var kept = Assert.Single(host.Program.Ledger.ReadEvents(host.Program.Server), happened => happened.Kind == ServerEventKind.Exit);

        Assert.Equal((1, code, isOutOfMemory, false), (kept.Run, kept.Exit!.Code, kept.Exit.IsOutOfMemory, kept.Exit.WasAskedFor));
        string[] end = [.. Enumerable.Range(1, 70).Select(number => $"flood {number}"), "flood over", command, .. last == command ? (string[])[] : [last]];
        Assert.Equal(end[^ServerEvent.LinesKept..], kept.LastLines);
        Assert.Equal(isOutOfMemory, kept.Text.Contains("the kernel ended it for want of memory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exit_OfAGameThatHadLostAProcessForWantOfMemory_IsTheGamesOwn()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Limits = new ServerLimits { MemoryMiB = 32 } });
        Assert.Contains("ended 137", await host.RunInGameAsync("dd if=/dev/zero of=/dev/null bs=1G count=1; echo ended $?"), StringComparison.Ordinal);
        await host.Program.SendAsync("crash 3");
        await host.UntilAsync(() => host.Worker.State.Power == PowerState.Offline, "its end");

        var exit = host.Worker.State.LastExit!;
        Assert.Equal((3, false), (exit.Code, exit.WasAskedFor));
        var said = host.Worker.State.Problem!.Message;
        Assert.StartsWith("The server's process ended by itself: exit code 3", said, StringComparison.Ordinal);
        // Version 2 may miss it.
        Assert.True(exit.IsOutOfMemory || host.Program.Watch.Facts!.CgroupVersion == "2");
        Assert.Equal(exit.IsOutOfMemory, said.Contains(", after the kernel had ended one of its processes for want of memory", StringComparison.Ordinal));
    }
}
