using Orleans.Runtime.Messaging;
using OrleansWings.Fleets;

namespace OrleansWings.Servers;

/// <summary>
/// Reads what control processes know. One of them that ends, or is upgraded, answers no more before the others have its grains: a read is asked again
/// meanwhile, as nothing is done twice by it.
/// </summary>
internal static class GrainReads
{
    /// <summary>How long it is asked again: a control process that was killed is found dead within ten seconds, and one that is ended is left at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    /// <summary>Reads, again and again while the way is broken.</summary>
    /// <param name="read">The read.</param>
    /// <param name="patience">How long; null for <see cref="Patience"/>.</param>
    /// <param name="time">The clock; null for the machine's.</param>
    /// <exception cref="StoreUnreachableException">The way was broken all the time, or no answer came.</exception>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, TimeSpan? patience = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var begun = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, s_longestPause.Ticks)))
        {
            try
            {
                return await read();
            }
            catch (Exception e) when (IsWayBroken(e))
            {
                if (time.GetElapsedTime(begun) >= (patience ?? Patience))
                    throw new StoreUnreachableException("No control process of the fleet can be reached: it is not known how things are. Game servers go on.");
            }

            await Task.Delay(pause, time);
        }
    }

    // The silo that was asked goes, with or without a word, or no gateway is there to ask by.
    private static bool IsWayBroken(Exception exception)
        => exception is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;
}
