using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Servers;

/// <summary>How a process ended, for people.</summary>
internal static class ExitText
{
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

    public static string Describe(ContainerExit? exit) => exit switch
    {
        null => "its container was removed by somebody else, so its exit code is not known",
        { IsOutOfMemory: true } => $"the kernel ended it for want of memory (exit code {exit.Code})",
        { Code: 126 } => "its start-up command could not be executed (exit code 126)",
        { Code: 127 } => "its start-up command was not found (exit code 127)",
        { Code: > 128 } when s_signals.TryGetValue(exit.Code - 128, out var signal) => $"it was ended by {signal} (exit code {exit.Code})",
        _ => $"exit code {exit.Code}",
    };
}
