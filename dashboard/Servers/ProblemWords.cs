using System.Globalization;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>What went wrong last, as a sentence.</summary>
/// <param name="Text">The sentences.</param>
/// <param name="At">When.</param>
public sealed record ProblemWords(string Text, DateTimeOffset At)
{
    /// <summary>The problem of a server, or an end nobody asked for; null when all is well.</summary>
    public static ProblemWords? Of(ServerSnapshot server)
    {
        if (Standing(server) is { } problem)
            return new ProblemWords(problem.Message, problem.At);
        return server is { State: PowerState.Offline, LastExit: { WasAskedFor: false } exit }
            ? new ProblemWords(Say(exit), exit.At)
            : null;
    }

    /// <summary>The problem, as long as it explains the state: not once a person has ended the server after it.</summary>
    public static ServerProblem? Standing(ServerSnapshot server)
        => server is { State: PowerState.Offline, Problem: { IsStopReason: false } problem, LastExit: { WasAskedFor: true } exit } && exit.At >= problem.At ? null : server.Problem;

    /// <summary>How a process ended, in words.</summary>
    public static string Say(ServerExit exit) => exit switch
    {
        { IsOutOfMemory: true, WasAskedFor: false, Code: 137 } => string.Create(CultureInfo.InvariantCulture, $"The process was ended by the kernel because it wanted more memory than its limit (exit code {exit.Code}). Raise the limit, or let the game use less."),
        { IsOutOfMemory: true, Code: 137 } => "The process was killed (exit code 137). The kernel had ended it, or one of its processes, because it wanted more memory than the limit.",
        { IsOutOfMemory: true } => $"{Say(exit with { IsOutOfMemory = false })} The kernel had ended one of its processes before because it wanted more memory than the limit.",
        { Code: 0 } => exit.WasAskedFor ? "The process ended (exit code 0)." : "The process ended by itself, with exit code 0.",
        { Code: -1 } => "The process ended and nobody knows how: its container was removed by somebody else.",
        { Code: 137 } when exit.WasAskedFor => "The process was killed (exit code 137).",
        { Code: > 128 and < 160 } => string.Create(CultureInfo.InvariantCulture, $"The process was ended by {Signal(exit.Code - 128)} (exit code {exit.Code})."),
        { Code: 127 } => "The start-up command was not found in the image (exit code 127).",
        { Code: 126 } => "The start-up command could not be run (exit code 126).",
        _ => string.Create(CultureInfo.InvariantCulture, $"The process ended with exit code {exit.Code}. The console's last lines may say why."),
    };

    private static string Signal(int number)
        => StopSignal.TryParse(number.ToString(CultureInfo.InvariantCulture), out var name) ? name : $"signal {number}";
}
