using OrleansWings.Dashboard.Usages;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Hosts;

/// <summary>What a host's status means to a person.</summary>
public static class HostWords
{
    /// <summary>Goes on from "Host eu-1".</summary>
    public static string Of(HostStatus status) => status switch
    {
        HostStatus.Ready => "is ready.",
        HostStatus.EngineUnreachable => "answers, but its Docker engine does not.",
        HostStatus.Silent => "is silent.",
        HostStatus.Lost => "is lost: its machine is off, or cut off.",
        _ => "has not been heard of yet.",
    };

    /// <summary>What follows from it.</summary>
    public static string Consequence(HostStatus status) => status switch
    {
        HostStatus.Ready => "",
        HostStatus.EngineUnreachable => "Its servers may go on by themselves; their states are not confirmed, and nothing can be started or stopped.",
        HostStatus.Lost => "Its servers wait for it; their states are not confirmed.",
        _ => "Its servers go on by themselves; their states are not confirmed.",
    };

    /// <summary>What is said of a clock that is off; null when it is right.</summary>
    /// <param name="ahead">How far it is ahead of the fleet's; less than zero when it is behind.</param>
    public static string? Clock(TimeSpan ahead) => ahead == TimeSpan.Zero ? null
        : $"Its clock is {Format.Duration(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this control silo's: the times of its servers are off by as much. Set both by NTP.";

    /// <summary>One word.</summary>
    public static string Short(HostStatus status) => status switch
    {
        HostStatus.Ready => "Ready",
        HostStatus.EngineUnreachable => "Engine unreachable",
        HostStatus.Silent => "Silent",
        HostStatus.Lost => "Lost",
        _ => "Unknown",
    };
}
