namespace OrleansWings.Testing.Engines;

/// <summary>What runs in a fake container: a script that talks to its terminal and returns its exit code.</summary>
/// <example><code>async terminal => { await terminal.WriteLineAsync("Done"); await terminal.ReadLineAsync(); return 0; }</code></example>
public delegate Task<int> FakeProgram(FakeTerminal terminal);
