using Orleans.Runtime.Messaging;
using OrleansWings.Fleets;
using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>The one place that turns failures on the way to a grain into refusals.</summary>
internal static class GrainCalls
{
    // A crash of the caller must not leave a list waiting on thousands of calls at once.
    private const int CallsAtOnce = 64;

    /// <summary>Runs a call; what is expected to fail becomes a refusal with a sentence, the rest is thrown.</summary>
    /// <param name="call">The call.</param>
    public static async Task<ServerResult> GuardAsync(Func<Task<ServerResult>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (Refuse(e) is { } refused)
        {
            return refused;
        }
    }

    /// <summary>The same for a call to a host's grain, where every failure of the way means that the host is away.</summary>
    /// <param name="call">The call.</param>
    public static async Task<ServerResult> GuardHostAsync(Func<Task<ServerResult>> call)
    {
        try
        {
            return await GuardAsync(call);
        }
        catch (OrleansException)
        {
            return ServerResult.Refused(ServerRefusal.HostUnreachable, "No host answers for this server. Its process goes on by itself.");
        }
    }

    /// <summary>Whether the failure only says that the host is away for now.</summary>
    /// <param name="exception">The failure.</param>
    public static bool IsAway(Exception exception)
        => exception is HostUnreachableException or StoreUnreachableException or TimeoutException or OrleansException;

    /// <summary>Calls for each, some at a time, and gives the answers in the same order.</summary>
    /// <param name="source">For what.</param>
    /// <param name="call">The call.</param>
    public static async Task<List<TResult>> ForEachAsync<TSource, TResult>(IEnumerable<TSource> source, Func<TSource, Task<TResult>> call)
    {
        var results = new List<TResult>();
        foreach (var some in source.Chunk(CallsAtOnce))
            results.AddRange(await Task.WhenAll(some.Select(call)));
        return results;
    }

    private static ServerResult? Refuse(Exception exception) => exception switch
    {
        UnknownServerException e => ServerResult.Refused(ServerRefusal.NotFound, e.Message),
        HostUnreachableException e => ServerResult.Refused(ServerRefusal.HostUnreachable, $"{e.Message} Its servers go on by themselves."),
        DamagedRecordException e => ServerResult.Refused(ServerRefusal.NotStored, $"Nothing was done. {e.Message}"),
        StoreUnreachableException e => ServerResult.Refused(ServerRefusal.NotStored, e.Message),
        TimeoutException => ServerResult.Refused(
            ServerRefusal.OutcomeUnknown, "No answer came in time: it may have happened or not. Look at the server's state."),
        SiloUnavailableException or OrleansMessageRejectionException => ServerResult.Refused(
            ServerRefusal.HostUnreachable, "The server's host does not answer. Its servers go on by themselves."),
        // A client that finds no gateway to send by: nobody has been asked.
        ConnectionFailedException => ServerResult.Refused(
            ServerRefusal.FleetUnreachable, "No control process of the fleet can be reached: nothing was done. Game servers go on."),
        _ => null,
    };
}
