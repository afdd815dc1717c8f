using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>The host's program itself; lives on the silo of that host, and nowhere else. Key: host id.</summary>
[Alias("host-agent")]
public interface IHostAgentGrain : IGrainWithStringKey
{
    /// <summary>The engine's facts; null while it does not answer.</summary>
    [Alias("facts"), ResponseTimeout("00:00:03")]
    Task<HostFacts?> GetFactsAsync();

    /// <summary>Every server that the host knows, as it is now: where listeners begin and begin anew.</summary>
    [Alias("list-servers"), ResponseTimeout("00:00:03")]
    Task<ImmutableArray<ServerSnapshot>> ListServersAsync();
}
