namespace OrleansWings.Silo.Consoles;

/// <summary>No terminal is attached: a command has nowhere to go.</summary>
public sealed class NotAttachedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The game does not read its input; the message says whether the command may still reach it.</summary>
public sealed class NotAcceptedException(string message) : Exception(message);
