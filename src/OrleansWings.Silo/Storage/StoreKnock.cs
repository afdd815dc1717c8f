using System.Net;
using System.Net.Sockets;

namespace OrleansWings.Silo.Storage;

/// <summary>
/// Finds out at once when somebody listens where the store is. Redis' own client tries one connection after another and gives each two
/// seconds: a machine that was cut off would come back as much later, while its servers' callers wait.
/// </summary>
internal static class StoreKnock
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Returns as soon as somebody takes a connection at one of the addresses; it is closed again.</summary>
    /// <exception cref="IOException">Nobody did within two seconds: why not, or that nothing was heard.</exception>
    public static async Task WaitAsync(IReadOnlyCollection<EndPoint> doors, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var knocks = new List<Task<string?>>();
        var why = "nothing is heard from there.";
        try
        {
            while (!either.IsCancellationRequested)
            {
                // Beside those under way, not after them: what is lost on a way that is cut is sent again only a second later.
                knocks.AddRange(doors.Select(door => KnockAsync(door, either.Token)));
                var next = Task.Delay(s_every, time, either.Token);
                while (await Task.WhenAny([next, .. knocks]).ConfigureAwait(false) is Task<string?> answered)
                {
                    if (await answered.ConfigureAwait(false) is not { } refusal)
                        return;
                    knocks.Remove(answered);
                    if (!either.IsCancellationRequested)
                        why = refusal;
                }
            }
        }
        finally
        {
            await either.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(knocks).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new IOException(why);
    }

    // Null when somebody is there.
    private static async Task<string?> KnockAsync(EndPoint door, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(door, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return e.Message;
        }
    }
}
