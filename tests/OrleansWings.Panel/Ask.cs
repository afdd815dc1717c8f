using OrleansWings.Servers;

namespace OrleansWings.Panel;

/// <summary>Asks the fleet as a panel should: nobody's answer is taken for granted.</summary>
internal static class Ask
{
    /// <summary>Asks again while it is not known what came of it, or the way is broken; tells what is refused.</summary>
    /// <exception cref="InvalidOperationException">It is refused for good.</exception>
    public static async Task<ServerResult> UntilKnownAsync(Func<Task<ServerResult>> ask)
    {
        while (true)
        {
            var answer = await ask();
            Console.WriteLine(answer.Message);
            switch (answer.Refusal)
            {
                case ServerRefusal.None:
                // It was done by the question whose answer was lost.
                case ServerRefusal.AlreadyRunning or ServerRefusal.AlreadyStarting or ServerRefusal.Deleted:
                    return answer;
                case ServerRefusal.OutcomeUnknown or ServerRefusal.HostUnreachable or ServerRefusal.EngineUnreachable or ServerRefusal.FleetUnreachable or ServerRefusal.NotStored or ServerRefusal.NotAttached:
                    await Task.Delay(TimeSpan.FromSeconds(1));
                    break;
                default:
                    throw new InvalidOperationException($"{answer.Refusal}: {answer.Message}");
            }
        }
    }
}
