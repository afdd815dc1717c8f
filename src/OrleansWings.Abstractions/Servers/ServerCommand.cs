using System.Text;

namespace OrleansWings.Servers;

/// <summary>What may be written to a server's console.</summary>
public static class ServerCommand
{
    /// <summary>
    /// The longest command in UTF-8 bytes: of a longer line a terminal gives the game these, and throws the rest away without a
    /// word (Linux: 4,096 with the line feed).
    /// </summary>
    public const int MaxBytes = 4_095;

    /// <summary>What is wrong with a command; null when it can be sent. An empty one can: it is just Enter.</summary>
    /// <param name="command">As typed.</param>
    public static string? Check(string? command)
        => command is null ? "There is no command."
            : command.AsSpan().IndexOfAny('\n', '\r') >= 0 ? "A command is one line: this one has a line break in it. Send the lines one by one."
            : Encoding.UTF8.GetByteCount(command) > MaxBytes ? $"The command is {Encoding.UTF8.GetByteCount(command)} bytes long; at most {MaxBytes}."
            : null;
}
