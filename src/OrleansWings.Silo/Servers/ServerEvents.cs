using System.Collections.Immutable;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Servers;

/// <summary>What of a transition goes into the server's history: pure.</summary>
internal static class ServerEvents
{
    private const int MaxLine = 500;

    /// <summary>The events of a transition, in their order.</summary>
    /// <param name="before">The state before it.</param>
    /// <param name="transition">What was decided.</param>
    /// <param name="now">The time.</param>
    /// <param name="readLines">The console's last lines; asked for only when a process ended.</param>
    public static ImmutableArray<ServerEvent> Of(ServerState before, PowerTransition transition, DateTimeOffset now, Func<ImmutableArray<string>> readLines)
    {
        var next = transition.Next;
        var events = ImmutableArray.CreateBuilder<ServerEvent>();
        var isSaid = transition.Say is null;
        if (next.LastExit is { } exit && exit != before.LastExit)
        {
            Add(before.Run, ServerEventKind.Exit, Take() ?? $"The process ended (exit code {exit.Code}).", exit: exit, lines: [.. readLines().Select(Plain)]);
        }

        if (next.Power != before.Power)
            Add(next.Run, ServerEventKind.State, Join(Describe(next), Take()), next.Power);
        if (next.IsDeleted != before.IsDeleted)
            Add(next.Run, ServerEventKind.Notice, next.IsDeleted ? "The server is deleted: its files go to the trash." : "The server is brought back from the trash.");
        if (!isSaid)
            Add(next.Run, ServerEventKind.Notice, transition.Say!);
        return events.ToImmutable();

        string? Take()
        {
            var said = isSaid ? null : transition.Say;
            isSaid = true;
            return said;
        }

        void Add(int run, ServerEventKind kind, string text, PowerState? state = null, ServerExit? exit = null, ImmutableArray<string> lines = default)
            => events.Add(new ServerEvent { At = now, Kind = kind, Run = run, Text = text, State = state, Exit = exit, LastLines = lines.IsDefault ? [] : lines });
    }

    private static string Describe(ServerState state) => state.Power switch
    {
        PowerState.Starting => $"Run {state.Run} begins.",
        PowerState.Running => "The server is running.",
        PowerState.Stopping when state.IsKilling => "The server is being killed.",
        PowerState.Stopping when state.IsRestarting => "The server is stopping, to be started again.",
        PowerState.Stopping => "The server is stopping.",
        _ => "The server is offline.",
    };

    private static string Join(string text, string? more) => more is null ? text : $"{text} {more}";

    private static string Plain(string line)
    {
        var plain = ConsoleText.WithoutAnsi(line);
        return plain.Length <= MaxLine ? plain : string.Concat(plain.AsSpan(0, MaxLine - 1), "…");
    }
}
