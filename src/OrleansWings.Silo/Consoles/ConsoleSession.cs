namespace OrleansWings.Silo.Consoles;
public sealed class ConsoleSession;
