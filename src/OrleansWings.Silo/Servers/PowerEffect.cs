namespace OrleansWings.Silo.Servers;

/// <summary>What has to be done in the world after a transition; each is safe to do twice.</summary>
[Flags]
public enum PowerEffects
{
    None = 0,

    /// <summary>Run the steps of a start, for the state's run.</summary>
    BeginStart = 1,

    /// <summary>Call off the steps of a start.</summary>
    CancelStart = 2,

    /// <summary>Ask the process to stop by the spec's rule, and watch the deadline.</summary>
    SendStop = 4,

    /// <summary>SIGKILL until the engine says that the process is gone.</summary>
    Kill = 8,

    /// <summary>Watch the deadline of a stop that somebody typed.</summary>
    WatchDeadline = 16,

    /// <summary>Remove the container and move the files to the trash.</summary>
    Delete = 32,

    /// <summary>Bring the files back from the trash.</summary>
    Undelete = 64,

    /// <summary>Give the running container the limits that are wished now.</summary>
    UpdateLimits = 128,
}

/// <summary>The answer of the state machine.</summary>
/// <param name="Next">The state to write down before anything else.</param>
/// <param name="Effects">What to do then.</param>
/// <param name="Reply">What whoever asked is told; null for facts.</param>
/// <param name="Say">What the server's console is told, in the platform's voice; null for nothing.</param>
public sealed record PowerTransition(
    ServerState Next, PowerEffects Effects = PowerEffects.None, OrleansWings.Servers.ServerResult? Reply = null, string? Say = null);
