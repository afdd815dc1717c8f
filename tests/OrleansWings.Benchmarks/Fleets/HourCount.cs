using System.Diagnostics;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Fleets;

namespace OrleansWings.Benchmarks.Fleets;

/// <summary>What was answered and seen so far.</summary>
internal sealed class HourCount
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ServerRefusal, int> _answers = [];
    private readonly HashSet<string> _dead = [];

    public Samples Calls { get; } = new();

    public int Looks { get; private set; }

    public int SilentLooks { get; private set; }

    public int MostVotes { get; private set; }

    public int Deaths => _dead.Count;

    public int Of(ServerRefusal refusal)
    {
        lock (_lock)
            return _answers.GetValueOrDefault(refusal);
    }

    /// <summary>Calls a server's host and takes the answer down.</summary>
    public async Task CallAsync(IServer server)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await server.SendCommandAsync("tick");
        lock (_lock)
        {
            Calls.Add(Stopwatch.GetElapsedTime(began));
            _answers[answer.Refusal] = _answers.GetValueOrDefault(answer.Refusal) + 1;
        }
    }

    /// <summary>Looks at the membership and at what the pages would show.</summary>
    public async Task LookAsync(FleetRun fleet)
    {
        var members = await fleet.ReadMembersAsync();
        var hosts = await fleet.Fleet.ListHostsAsync();
        Looks++;
        if (hosts.Any(host => host.Status is HostStatus.Silent or HostStatus.Lost))
            SilentLooks++;
        foreach (var member in members)
        {
            MostVotes = Math.Max(MostVotes, member.Votes);
            if (member.IsDead)
                _dead.Add(member.Silo);
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return $"{string.Join(", ", _answers.Select(answer => $"{answer.Key} {answer.Value}"))}; {Deaths} deaths; at most {MostVotes} votes; {SilentLooks} of {Looks} looks with a silent host";
    }
}
