using OrleansWings.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Every way to stop, held against what a real process gets of it. The peer's fault 8: a signal it did not know was a kill.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerStopOnEngineTests
{
    [Theory]
    [InlineData("^C", "INT", 61)]
    [InlineData("INT", "INT", 61)]
    [InlineData("SIGQUIT", "QUIT", 62)]
    [InlineData("SIGUSR1", "USR1", 63)]
    [InlineData("10", "USR1", 63)]
    [InlineData("HUP", "HUP", 64)]
    public async Task Stop_ByAnySignal_IsTheSignalThatTheGameGets(string value, string trapped, int code)
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(Trapping($"exit {code}", trapped, value));

        await host.EndAsync(PowerAction.Stop);

        Assert.Equal((code, true), (host.Worker.State.LastExit!.Code, host.Worker.State.LastExit.WasAskedFor));
        Assert.Equal($"exited {code}", await host.Docker.InspectAsync(host.Name, "{{.State.Status}} {{.State.ExitCode}}"));
    }

    [Fact]
    public async Task Stop_ByItsCommand_IsTheCommandThatTheGameGets()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { Stop = new StopRule { Kind = StopKind.Command, Value = "crash 65" } });

        await host.EndAsync(PowerAction.Stop);

        Assert.Equal((65, true), (host.Worker.State.LastExit!.Code, host.Worker.State.LastExit.WasAskedFor));
        Assert.Contains("Crashing", host.Worker.Console.ReadText(20));
    }

    [Fact]
    public async Task Stop_ByTheEngine_IsTheSignalOfTheImage_AndAKillWhenItsTimeIsOver()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        var native = new StopRule { Kind = StopKind.Native, Grace = TimeSpan.FromSeconds(20) };
        await host.StartAsync(Trapping("exit 66", "TERM", "") with { Stop = native });
        await host.EndAsync(PowerAction.Stop);
        Assert.Equal((66, true), (host.Worker.State.LastExit!.Code, host.Worker.State.LastExit.WasAskedFor));

        await host.Program.AddAsync(Trapping("", "TERM", "") with { Stop = native with { Grace = TimeSpan.FromSeconds(1) } }, version: 2);
        await host.StartAsync();
        await host.EndAsync(PowerAction.Stop);
        Assert.Equal((137, true), (host.Worker.State.LastExit!.Code, host.Worker.State.LastExit.WasAskedFor));
    }

    [Fact]
    public async Task Stop_OfAGameThatDoesNotListen_IsAKillWhenItsTimeIsOver_AndSaysSo()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(Trapping("", "TERM", "SIGTERM") with { Stop = new StopRule { Kind = StopKind.Signal, Value = "SIGTERM", Grace = TimeSpan.FromSeconds(1) } });

        await host.EndAsync(PowerAction.Stop);

        Assert.Equal((137, true), (host.Worker.State.LastExit!.Code, host.Worker.State.LastExit.WasAskedFor));
        Assert.Contains(host.Worker.Console.ReadText(20), line => line.Contains("did not stop within", StringComparison.Ordinal) && line.Contains("is killed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StopCommand_TypedByAPerson_IsAStop()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync();
        await host.StartAsync(HostOnEngine.Game with { RestartOnCrash = true, Stop = new StopRule { Kind = StopKind.Command, Value = "crash 3" } });

        await host.Program.SendAsync("crash 3");

        await host.UntilAsync(() => host.Worker.State.Power == PowerState.Offline, "the end");
        // Of a crash with that code it would have been started again.
        Assert.Equal((3, true, 1), (host.Worker.State.LastExit!.Code, host.Worker.State.LastExit.WasAskedFor, host.Worker.State.Run));
    }

    [Fact]
    public async Task Look_AtAServerThatIsAttached_AttachesNothing()
    {
        await using var proxy = new EngineProxy(RealEngine.Require());
        await using var host = await HostOnEngine.OpenAsync(way: new(proxy.Address));
        await host.StartAsync();
        var attach = proxy.All(EngineFault.Refuse, "POST", "/attach");

        Assert.True(await host.Worker.LookAsync(wasUnattended: false));
        Assert.True(await host.Worker.LookAsync(wasUnattended: true));

        Assert.Equal((0, true), (attach.Hits, host.Worker.Console.IsAttached));
        await host.Program.SendAsync("hello");
        await host.UntilAsync(() => host.Worker.Console.ReadText(20).Contains("Unknown command: hello "), "the answer");
    }

    // A shell that does nothing but wait for the signal.
    private static ServerSpec Trapping(string what, string signal, string stop) => HostOnEngine.Game with
    {
        Startup = $"trap '{what}' {signal}; echo Done; while :; do sleep 0.1; done",
        DoneLines = ["Done"],
        Stop = new StopRule { Kind = StopKind.Signal, Value = stop },
    };
}
