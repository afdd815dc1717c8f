namespace OrleansWings.Servers;

/// <summary>What a server's process does now. The names are those that panels of the field have.</summary>
[GenerateSerializer, Alias("power-state")]
public enum PowerState
{
    /// <summary>No process: it has exited, or never ran. Never said before the process is really gone.</summary>
    Offline = 0,

    /// <summary>A start was accepted; the container is being made, or runs and no done-line has been seen yet.</summary>
    Starting = 1,

    /// <summary>The process runs and a done-line was seen (or the spec has none).</summary>
    Running = 2,

    /// <summary>A stop or a kill was accepted and the process has not exited yet.</summary>
    Stopping = 3,
}

/// <summary>What a person or a program may ask of a server's process.</summary>
[GenerateSerializer, Alias("power-action")]
public enum PowerAction
{
    /// <summary>Make the container anew and start it.</summary>
    Start = 0,

    /// <summary>Stop by the spec's stop rule; after the grace period, kill.</summary>
    Stop = 1,

    /// <summary>Stop, then start; from offline just start.</summary>
    Restart = 2,

    /// <summary>SIGKILL, in any state; also ends a start that waits for an image.</summary>
    Kill = 3,
}
