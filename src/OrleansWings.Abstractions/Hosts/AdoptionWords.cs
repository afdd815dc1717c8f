using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>What is said of many adoptions at once: pure.</summary>
internal static class AdoptionWords
{
    private const int Named = 5;

    /// <summary>One answer for all: accepted when every one was.</summary>
    /// <param name="host">The host that has them.</param>
    /// <param name="answers">Each server's name and answer.</param>
    public static ServerResult Of(HostId host, IReadOnlyList<(string Name, ServerResult Answer)> answers)
    {
        var refused = answers.Where(one => !one.Answer.IsAccepted).ToArray();
        if (refused.Length == 0)
            return ServerResult.Accepted(answers.Count switch
            {
                0 => $"Every server of host {host} has a record.",
                1 => $"The server {answers[0].Name} is adopted: host {host} keeps it.",
                var count => $"{count} servers are adopted: host {host} keeps them.",
            });
        var reasons = string.Join(" ", refused.Take(Named).Select(one => $"{one.Name}: {one.Answer.Message}"));
        var more = refused.Length > Named ? $" And {refused.Length - Named} more." : "";
        return ServerResult.Refused(refused[0].Answer.Refusal, $"{answers.Count - refused.Length} of {answers.Count} servers are adopted. {reasons}{more}");
    }
}
