using System.Text.RegularExpressions;

namespace OrleansWings.Servers;

/// <summary>One rule for "the server is up": a plain text that a console line contains, or "regex:" and an expression.</summary>
public sealed class DoneLine
{
    private const string RegexPrefix = "regex:";

    // Expressions are linear, but ten megabytes without a line end are still ten megabytes.
    private const int MaxLength = 4_096;

    private readonly string _text;
    private readonly Regex? _regex;

    private DoneLine(string text, Regex? regex)
    {
        _text = text;
        _regex = regex;
    }

    /// <summary>Reads a rule. Expressions run in linear time (no look-around, no back-references), so no rule can hang a host.</summary>
    /// <param name="rule">As typed.</param>
    /// <param name="line">The rule.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(string rule, out DoneLine? line, out string? fault)
    {
        (line, fault) = (null, null);
        if (!rule.StartsWith(RegexPrefix, StringComparison.Ordinal))
        {
            line = new DoneLine(rule, null);
            return true;
        }

        try
        {
            line = new DoneLine(rule, new Regex(rule[RegexPrefix.Length..], RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            fault = $"'{rule[RegexPrefix.Length..]}' is not a regular expression that can be used: {e.Message}";
            return false;
        }
    }

    /// <summary>Whether a line, its colours taken out, says that the server is up.</summary>
    /// <param name="line">The line's text; only its first 4,096 characters are looked at.</param>
    public bool Matches(string line)
    {
        var head = line.AsSpan(0, Math.Min(line.Length, MaxLength));
        return _regex is null ? head.Contains(_text, StringComparison.Ordinal) : _regex.IsMatch(head);
    }

    /// <summary>The rule as typed.</summary>
    public override string ToString() => _text;
}
