using Xunit.Sdk;
using Xunit.v3;

// Two classes at a time: each mostly waits for a real program, and what they share (engine, ports, machines) is named apart or in one collection.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
[assembly: AssemblyFixture(typeof(PublishedProgram))]
