using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>Which of the wished limits are in force, and what of a spec waits for the next start.</summary>
internal static partial class PowerStateMachine
{
    /// <summary>Whether the process could be given limits that it does not have.</summary>
    public static bool AreLimitsBehind(ServerState state)
        => state is { HasProcess: true, AppliedLimits: { } inForce, Power: PowerState.Starting or PowerState.Running }
            && LimitChange.Reachable(inForce, state.Assignment.Spec.Limits) != inForce;

    /// <summary>What of the spec the container is not made of, in words. Empty when all is in force, or when it is not known what the container was made of.</summary>
    public static ImmutableArray<string> Waiting(ServerState state)
        => state is { Power: not PowerState.Offline, AppliedParts: { } parts, AppliedLimits: { } limits } && state.AppliedVersion != state.Assignment.Version
            ? [.. SpecParts.Differing(parts, state.Assignment.Spec), .. LimitChange.Waiting(limits, state.Assignment.Spec.Limits, state.ToldMemoryMiB)]
            : [];

    /// <summary>Whether anything of the spec waits for the next start.</summary>
    /// <param name="state">The state.</param>
    /// <param name="waiting">Its <see cref="Waiting"/>.</param>
    public static bool IsSpecPending(ServerState state, ImmutableArray<string> waiting)
    {
        if (state.Power == PowerState.Offline || state.AppliedVersion == state.Assignment.Version)
            return false;
        // An older version's entry, or a container that was taken over: then only whether, not what.
        return state is { AppliedParts: not null, AppliedLimits: not null }
            ? !waiting.IsEmpty
            : state.AppliedSpec is null || state.AppliedSpec != ServerContainer.Hash(state.Assignment.Spec);
    }

    private static PowerEffects LimitEffects(ServerState state) => AreLimitsBehind(state) ? PowerEffects.UpdateLimits : PowerEffects.None;

    private static PowerTransition OnLimits(ServerState state, PowerInput.LimitsUpdated input)
    {
        if (input.Run != state.Run || !state.HasProcess || state.AppliedLimits is not { } before)
            return new(state);
        var set = LimitChange.Describe(before, input.InForce);
        var say = set.Length == 0 ? null : $"New limits are in force: {set}.";
        if (input.Problem is { } problem)
            say = $"{(say is null ? "" : say + " ")}{problem} The rest applies at the next start.";
        return new(state with { AppliedLimits = input.InForce, LimitProblem = input.Problem }, Say: say);
    }

    private static ServerState WithApplied(ServerState state, ServerSpec spec) => state with
    {
        AppliedVersion = state.Assignment.Version,
        AppliedPorts = spec.Ports,
        AppliedMounts = spec.Mounts,
        AppliedDoneLines = spec.DoneLines,
        AppliedSpec = ServerContainer.Hash(spec),
        AppliedParts = SpecParts.Of(spec),
        AppliedLimits = spec.Limits,
        ToldMemoryMiB = spec.Limits.MemoryMiB,
        LimitProblem = null,
    };

    private static ServerState WithUnknownApplied(ServerState state) => state with
    {
        AppliedVersion = 0,
        AppliedPorts = null,
        AppliedMounts = null,
        AppliedDoneLines = null,
        AppliedSpec = "",
        AppliedParts = null,
        AppliedLimits = null,
        ToldMemoryMiB = 0,
        LimitProblem = null,
    };
}
