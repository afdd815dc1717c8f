using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class ServerEventsTests
{
    private static readonly ContainerExit s_bad = new(1, false, ServerSamples.Now.AddSeconds(-2));

    [Theory]
    [InlineData("offline", PowerAction.Start, PowerState.Starting, "Run 8 begins.")]
    [InlineData("running", PowerAction.Stop, PowerState.Stopping, "The server is stopping.")]
    [InlineData("running", PowerAction.Restart, PowerState.Stopping, "The server is stopping, to be started again.")]
    [InlineData("running", PowerAction.Kill, PowerState.Stopping, "The server is being killed.")]
    public void Of_APowerAction_IsTheNewState(string before, PowerAction action, PowerState state, string text)
    {
        var happened = Assert.Single(Of(before, new PowerInput.Requested(action)));
        Assert.Equal((ServerEventKind.State, (PowerState?)state, text, ServerSamples.Now), (happened.Kind, happened.State, happened.Text, happened.At));
        Assert.Null(happened.Exit);
    }

    [Fact]
    public void Of_ACrash_IsTheExitWithTheLastLines_ThenTheNewStart()
    {
        var events = Of("running", new PowerInput.Exited(ServerSamples.Run, s_bad, false), "\e[31mout of cheese\e[0m", new string('x', 600));

        Assert.Equal([(ServerEventKind.Exit, ServerSamples.Run), (ServerEventKind.State, ServerSamples.Run + 1)], events.Select(happened => (happened.Kind, happened.Run)));
        Assert.Equal("The server's process ended by itself: exit code 1. It is started again.", events[0].Text);
        Assert.Equal((1, false), (events[0].Exit!.Code, events[0].Exit!.WasAskedFor));
        Assert.Equal(["out of cheese", new string('x', 499) + "…"], events[0].LastLines);
        Assert.Empty(events[1].LastLines);
    }

    [Fact]
    public void Of_TheSameExitTwice_IsAnEventEach()
    {
        var again = ServerSamples.In("running") with { LastExit = new ServerExit(1, false, ServerSamples.Now.AddHours(-1), false) };
        Assert.Contains(Of(again, again.Next(new PowerInput.Exited(ServerSamples.Run, s_bad, false))), happened => happened.Kind == ServerEventKind.Exit);
    }

    [Fact]
    public void Of_WhatIsOnlySaid_IsANotice()
    {
        var state = ServerSamples.In("running") with { AppliedLimits = new ServerLimits() };
        var happened = Assert.Single(Of(state, state.Next(new PowerInput.LimitsUpdated(ServerSamples.Run, new ServerLimits { MemoryMiB = 512 }, null))));
        Assert.Equal((ServerEventKind.Notice, "New limits are in force: memory 512 MiB."), (happened.Kind, happened.Text));
    }

    [Fact]
    public void Of_AFailedStart_SaysWhy()
    {
        var happened = Assert.Single(Of("starting", new PowerInput.StartEnded(ServerSamples.Run, "No such image.")));
        Assert.Equal("The server is offline. The server could not be started: No such image.", happened.Text);
    }

    private static ImmutableArray<ServerEvent> Of(string before, PowerInput input, params string[] lines)
        => Of(ServerSamples.In(before), ServerSamples.In(before).Next(input), lines);

    private static ImmutableArray<ServerEvent> Of(ServerState before, PowerTransition transition, params string[] lines)
        => ServerEvents.Of(before, transition, ServerSamples.Now, () => [.. lines]);
}
