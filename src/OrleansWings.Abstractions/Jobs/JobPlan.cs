using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>A request with the servers that its selection found, in the order in which they have their turns.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="Servers">The servers.</param>
[GenerateSerializer, Immutable, Alias("job-plan")]
public sealed record JobPlan([property: Id(0)] JobRequest Request, [property: Id(1)] ImmutableArray<JobServer> Servers);

/// <summary>A server that a job is for.</summary>
/// <param name="Id">The server.</param>
/// <param name="Name">Its name.</param>
/// <param name="Host">Its host.</param>
[GenerateSerializer, Immutable, Alias("job-server")]
public sealed record JobServer([property: Id(0)] ServerId Id, [property: Id(1)] string Name, [property: Id(2)] HostId Host);
