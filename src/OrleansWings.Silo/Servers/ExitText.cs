using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Servers;

/// <summary>How a process ended, for people.</summary>
internal static class ExitText
{
    // 128 and the kernel's SIGKILL.
    private const int Killed = 137;

    private static readonly Dictionary<int, string> s_signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [15] = "SIGTERM",
    };

    /// <param name="exit">How; null when its container is gone.</param>
    /// <param name="wasAskedFor">Whether it was to end: then a kill may have been ours, and the engine's flag of another process.</param>
    public static string Describe(ContainerExit? exit, bool wasAskedFor = false) => exit switch
    {
        null => "its container was removed by somebody else, so its exit code is not known",
        { IsOutOfMemory: true, Code: Killed } when wasAskedFor => $"it was ended by SIGKILL (exit code {exit.Code}); the kernel had ended it, or one of its processes, for want of memory",
        { IsOutOfMemory: true, Code: Killed } => $"the kernel ended it for want of memory (exit code {exit.Code})",
        // Of the container's processes one was, not its first: that one ended in another way.
        { IsOutOfMemory: true } => $"{Describe(exit with { IsOutOfMemory = false })}, after the kernel had ended one of its processes for want of memory",
        { Code: 126 } => "its start-up command could not be executed (exit code 126)",
        { Code: 127 } => "its start-up command was not found (exit code 127)",
        { Code: > 128 } when s_signals.TryGetValue(exit.Code - 128, out var signal) => $"it was ended by {signal} (exit code {exit.Code})",
        _ => $"exit code {exit.Code}",
    };
}
