using System.Diagnostics;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Benchmarks.Servers;

/// <summary>How long an action took.</summary>
/// <param name="Asked">From the call.</param>
/// <param name="Accepted">From its answer.</param>
internal readonly record struct PowerTimes(TimeSpan Asked, TimeSpan Accepted);

internal static class PowerSteps
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    /// <summary>Asks for something and waits until the host tells the state that it leads to.</summary>
    public static async Task<PowerTimes> DoAsync(this IServer server, HostServers servers, PowerState wanted, Func<Task<ServerResult>> ask)
    {
        var reached = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        servers.Changed += OnChanged;
        try
        {
            var asked = Stopwatch.GetTimestamp();
            var result = await ask();
            var accepted = Stopwatch.GetTimestamp();
            if (!result.IsAccepted)
                throw new InvalidOperationException(result.Message);
            var at = await reached.Task.WaitAsync(s_patience);
            return new PowerTimes(Stopwatch.GetElapsedTime(asked, at), Stopwatch.GetElapsedTime(accepted, at));
        }
        finally
        {
            servers.Changed -= OnChanged;
        }

        void OnChanged(ServerSnapshot snapshot)
        {
            if (snapshot.Id == server.Id && snapshot.State == wanted)
                reached.TrySetResult(Stopwatch.GetTimestamp());
        }
    }
}
