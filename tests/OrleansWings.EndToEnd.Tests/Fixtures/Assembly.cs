using Xunit.Sdk;
using Xunit.v3;

// One engine, one machine, and each test watches the clock of a real program.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(PublishedProgram))]
