using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Jobs;

namespace OrleansWings.Servers;

/// <summary>The answer to an action: accepted, or refused with a reason and a sentence for a person.</summary>
[GenerateSerializer, Immutable, Alias("server-result")]
public sealed record ServerResult
{
    /// <summary>The reason; <see cref="ServerRefusal.None"/> when accepted.</summary>
    [Id(0)]
    public ServerRefusal Refusal { get; init; }

    /// <summary>One sentence for a person.</summary>
    [Id(1)]
    public required string Message { get; init; }

    /// <summary>For <see cref="ServerRefusal.Invalid"/>, <see cref="ServerRefusal.PortTaken"/> and <see cref="ServerRefusal.NoHost"/>: every field that cannot be.</summary>
    [Id(2)]
    public ImmutableArray<SpecFault> Faults { get; init; } = [];

    /// <summary>The server this is about, when one is known (a creation's answer names the new one).</summary>
    [Id(3)]
    public ServerId? Server { get; init; }

    /// <summary>For <see cref="ServerRefusal.Changed"/>: the version that the server's spec has now.</summary>
    [Id(6)]
    public long? Version { get; init; }

    /// <summary>Where a creation put the server; null in other answers.</summary>
    [Id(4)]
    public HostId? Host { get; init; }

    /// <summary>The ports that the server holds after a creation, a change or a restoration; empty in other answers.</summary>
    [Id(5)]
    public ImmutableArray<Allocation> Ports { get; init; } = [];

    /// <summary>The job that was made, or that is in the way; null in answers that are about no job.</summary>
    [Id(7)]
    public JobId? Job { get; init; }

    /// <summary>True when it has happened or is durably queued.</summary>
    public bool IsAccepted => Refusal == ServerRefusal.None;

    /// <summary>An accepted action.</summary>
    /// <param name="message">One sentence for a person.</param>
    public static ServerResult Accepted(string message) => new() { Message = message };

    /// <summary>A refused action.</summary>
    /// <param name="refusal">The reason.</param>
    /// <param name="message">One sentence for a person.</param>
    public static ServerResult Refused(ServerRefusal refusal, string message) => new() { Refusal = refusal, Message = message };

    /// <summary>A spec that cannot be.</summary>
    /// <param name="faults">Every fault found.</param>
    public static ServerResult Invalid(ImmutableArray<SpecFault> faults) => new()
    {
        Refusal = ServerRefusal.Invalid,
        Message = string.Join(" ", faults.Select(f => f.Message)),
        Faults = faults,
    };
}

/// <summary>One field of a spec that cannot be as it was typed.</summary>
/// <param name="Field">The spec's member, with an index for lists: "Name", "Ports[1]", "Ports[1].Ip", "Environment[FOO]", "Limits.MemoryMiB".</param>
/// <param name="Message">A sentence that repeats what was typed and says what is possible.</param>
[GenerateSerializer, Immutable, Alias("spec-fault")]
public sealed record SpecFault([property: Id(0)] string Field, [property: Id(1)] string Message);
