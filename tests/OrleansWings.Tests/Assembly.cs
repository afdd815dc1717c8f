using Xunit.Sdk;
using Xunit.v3;

// Commands are tested by what they say on the terminal, of which a process has one: a program of another test would talk into it.
[assembly: Parallelization(Mode = ParallelMode.None)]
