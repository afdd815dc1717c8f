using System.Text;
using System.Text.RegularExpressions;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

/// <summary>Puts records together to lines of text.</summary>
internal sealed partial class ConsoleText
{
    private const int MaxLine = 64 * 1024;

    private readonly List<byte> _line = [];

    /// <summary>Whether a line has begun and not ended.</summary>
    public bool HasUnended => _line.Count > 0;

    /// <summary>The line when it is ended by the record; its beginning alone when it is very long.</summary>
    public string? Add(ReadOnlySpan<byte> bytes, ConsoleFlags flags)
    {
        var isPartial = (flags & ConsoleFlags.Partial) != 0;
        if (!isPartial && _line.Count == 0)
            return Encoding.UTF8.GetString(bytes);
        _line.AddRange(bytes[..Math.Min(bytes.Length, MaxLine - _line.Count)]);
        return isPartial ? null : TakeUnended();
    }

    /// <summary>What there is of the unended line; the next record begins anew.</summary>
    public string TakeUnended()
    {
        var text = Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line));
        _line.Clear();
        _line.TrimExcess();
        return text;
    }

    /// <summary>The text without colours, cursor movements and titles.</summary>
    public static string WithoutAnsi(string text) => text.Contains('\e') ? Ansi().Replace(text, "") : text;

    // Control sequences; operating system commands; two-byte escapes, with a character set's third.
    [GeneratedRegex(@"\e(\[[0-?]*[ -/]*[@-~]|\][^\a\e]*(\a|\e\\)?|[ -/]+[0-~]|[0-Z\\^-~])?", RegexOptions.CultureInvariant)]
    private static partial Regex Ansi();
}
