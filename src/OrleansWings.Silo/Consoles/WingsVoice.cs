using System.Text;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

/// <summary>How the platform speaks on a server's console: yellow, with its name.</summary>
internal static class WingsVoice
{
    private const string Before = "\e[33m[OrleansWings] ";
    private const string After = "\e[0m";
    private const int MaxText = 8 * 1024;

    /// <summary>Whether a line of text is the platform's own.</summary>
    public static bool IsOurs(string line) => line.StartsWith(Before, StringComparison.Ordinal);

    public static byte[] Style(string line)
    {
        if (line.Length > MaxText)
            line = string.Concat(line.AsSpan(0, MaxText), "…");
        return Encoding.UTF8.GetBytes(Before + line + After);
    }

    /// <summary>One record for each line of the text.</summary>
    public static void Write(RecordBuffer records, DateTimeOffset at, string text, ConsoleFlags flags)
    {
        foreach (var line in text.AsSpan().TrimEnd().EnumerateLines())
            records.Add(at, ConsoleSource.Wings, flags & ConsoleFlags.Gap, Style(line.ToString()));
    }
}
