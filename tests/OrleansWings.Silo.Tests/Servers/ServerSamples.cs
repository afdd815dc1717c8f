using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>A server in each state that the machine knows, by name, so that theories can go through all of them.</summary>
internal static class ServerSamples
{
    public const int Run = 7;

    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Since = Now.AddMinutes(-5);
    public static readonly ServerId Id = ServerId.Parse("0197e4a0-0000-7000-8000-000000000001");
    public static readonly HostId Host = new("eu-1");

    /// <summary>Every state, as named by <see cref="In"/>.</summary>
    public static readonly string[] All =
    [
        "offline", "starting", "starting with process", "running", "stopping", "stopping without process", "restarting",
        "restarting without process", "killing", "killing without process",
    ];

    public static ServerSpec Spec { get; } = new()
    {
        Name = "One",
        Image = "game:1",
        Startup = "./run",
        Stop = new StopRule { Kind = StopKind.Command, Value = "stop", Grace = TimeSpan.FromMinutes(2) },
    };

    public static ServerAssignment Assignment { get; } = new() { Server = Id, Host = Host, Epoch = 1, Version = 3, Spec = Spec };

    public static ServerState In(string name)
    {
        var power = name.Split(' ')[0] switch
        {
            "offline" => PowerState.Offline,
            "starting" => PowerState.Starting,
            "running" => PowerState.Running,
            _ => PowerState.Stopping,
        };
        var isKilling = name.StartsWith("killing", StringComparison.Ordinal);
        var isRestarting = name.StartsWith("restarting", StringComparison.Ordinal);
        var hasProcess = power != PowerState.Offline && name != "starting" && !name.EndsWith("without process", StringComparison.Ordinal);
        return new ServerState
        {
            Assignment = Assignment,
            AppliedVersion = 3,
            Power = power,
            PowerSince = Since,
            Run = Run,
            StartedAt = hasProcess ? Since : null,
            StopDeadline = power == PowerState.Stopping && !isKilling ? Now.AddMinutes(1) : null,
            IsRestarting = isRestarting,
            IsKilling = isKilling,
            Revision = 40,
        };
    }

    /// <summary>The same, with the record's deletion taken in as the machine would.</summary>
    public static ServerState DeletedIn(string name) => In(name) with { Assignment = Deleted(), IsRestarting = false };

    public static ServerAssignment Deleted(long version = 4) => Assignment with { Version = version, DeletedAt = Now };

    public static ServerAssignment With(Func<ServerSpec, ServerSpec> change) => Assignment with { Spec = change(Spec) };

    public static PowerTransition Next(this ServerState state, PowerInput input) => PowerStateMachine.Next(state, input, Now);

    public static PowerTransition Ask(this ServerState state, PowerAction action) => state.Next(new PowerInput.Requested(action));
}
