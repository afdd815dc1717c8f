using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>Whether a process that ended unasked is started again.</summary>
internal static class CrashPolicy
{
    /// <summary>The peer's number: a second crash within it is not answered with a restart.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>Null to restart; else the reason not to, in words.</summary>
    /// <remarks>
    /// What ended while nobody was there to see it was most likely ended with the machine or its engine, which games take
    /// well and leave with code 0: a server that should run is started again.
    /// </remarks>
    public static string? WhyNotRestart(
        ServerSpec spec, PowerState power, int exitCode, bool wasUnattended, DateTimeOffset? lastRestart, DateTimeOffset now)
        => !spec.RestartOnCrash ? "Restarting after a crash is switched off for this server."
            : power != PowerState.Running && !wasUnattended ? "It had not come up yet, so it is not started again by itself."
            : exitCode == 0 && !wasUnattended ? "It ended by itself without a fault, so it is not started again."
            : now - lastRestart < Window ? $"It crashed less than {Window.TotalSeconds:0} seconds after the last crash, so it is not started again by itself."
            : null;
}
