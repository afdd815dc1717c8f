namespace OrleansWings.Commands;

/// <summary>Why the program cannot go on, as one line for the person at the terminal: no stack trace is shown.</summary>
internal sealed class CannotStartException(string message, Exception? inner = null) : Exception(message, inner);
