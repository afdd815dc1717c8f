using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>One power button as it fits a server.</summary>
/// <param name="Action">What it asks for.</param>
/// <param name="Reason">Why it cannot be pressed, in words; null when it can.</param>
public readonly record struct PowerButton(PowerAction Action, string? Reason)
{
    /// <summary>Whether it can be pressed.</summary>
    public bool IsEnabled => Reason is null;
}

/// <summary>The power buttons that fit a server's state. Stop turns into Kill while it is stopping.</summary>
/// <param name="Start">Start.</param>
/// <param name="Restart">Restart.</param>
/// <param name="Stop">Stop, or Kill while stopping.</param>
/// <param name="Kill">Kill beside Stop; null when Stop's place has it already, or nothing runs.</param>
public sealed record PowerButtons(PowerButton Start, PowerButton Restart, PowerButton Stop, PowerButton? Kill)
{
    /// <summary>The buttons for a picture of a server.</summary>
    public static PowerButtons For(ServerSnapshot server)
    {
        if (server.IsDeleted)
            return All(server.State, "The server is deleted.");
        if (server.IsUnclaimed)
            return All(server.State, "The fleet has no record of this server: adopt it first.");
        if (!server.IsReachable)
            return Unreachable(server);

        // Between the two halves of a restart no process runs, but a start is on its way, and a kill ends it.
        var state = server is { State: PowerState.Offline, IsRestarting: true } ? PowerState.Starting : server.State;
        return state switch
        {
            PowerState.Offline => new(
                Can(PowerAction.Start),
                Cannot(PowerAction.Restart, "The server is offline: start it."),
                Cannot(PowerAction.Stop, "The server is offline."),
                null),
            PowerState.Starting => new(
                Cannot(PowerAction.Start, "The server is starting."), Can(PowerAction.Restart), Can(PowerAction.Stop), Can(PowerAction.Kill)),
            PowerState.Running => new(
                Cannot(PowerAction.Start, "The server is running."), Can(PowerAction.Restart), Can(PowerAction.Stop), Can(PowerAction.Kill)),
            PowerState.Stopping => new(
                Cannot(PowerAction.Start, "The server is stopping."),
                Cannot(PowerAction.Restart, "The server is stopping."),
                Can(PowerAction.Kill),
                null),
            _ => All(state, $"{state} is not a state this page knows."),
        };
    }

    // Kill is never taken away: where only the engine is stuck, the host takes it and carries it out as soon as it can.
    private static PowerButtons Unreachable(ServerSnapshot server)
    {
        var buttons = All(server.State, $"Host {server.Host} or its engine does not answer.");
        return server.State switch
        {
            PowerState.Offline => buttons,
            PowerState.Stopping => buttons with { Stop = Can(PowerAction.Kill) },
            _ => buttons with { Kill = Can(PowerAction.Kill) },
        };
    }

    private static PowerButtons All(PowerState state, string reason) => new(
        Cannot(PowerAction.Start, reason),
        Cannot(PowerAction.Restart, reason),
        Cannot(state == PowerState.Stopping ? PowerAction.Kill : PowerAction.Stop, reason),
        state is PowerState.Starting or PowerState.Running ? Cannot(PowerAction.Kill, reason) : null);

    private static PowerButton Can(PowerAction action) => new(action, null);

    private static PowerButton Cannot(PowerAction action, string reason) => new(action, reason);
}
