using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansWings.EndToEnd.Tests.Consoles;

/// <summary>Reads the numbers of a flood out of a terminal's text and finds what is missing without a word about it.</summary>
internal sealed partial class FloodCheck
{
    /// <summary>Each place where numbers are missing, repeated or out of order and nothing says so.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What the platform said between the lines about what is not shown.</summary>
    public List<string> Gaps { get; } = [];

    /// <summary>The last number; 0 before the first.</summary>
    public int Last { get; private set; }

    /// <summary>Reads what one terminal showed.</summary>
    /// <param name="text">Everything that was written to it.</param>
    /// <param name="isAfterReload">Whether it may begin with lines that an earlier one showed.</param>
    public FloodCheck Read(string text, bool isAfterReload = false)
    {
        string? gap = null;
        var isFirst = isAfterReload;
        foreach (var line in EscapePattern().Replace(text, "").Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (line.StartsWith("… ", StringComparison.Ordinal))
                Gaps.Add(gap = line);
            if (FloodPattern().Match(line) is not { Success: true } match)
                continue;
            var number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            if (isFirst ? number > Last + 1 && gap is null : number != Last + 1 && (gap is null || number <= Last))
                Faults.Add($"after {Last} came {number}");
            if (!isFirst && gap is not null && SkippedPattern().Match(gap) is { Success: true } skipped)
                CheckSize(skipped, number);
            if (!isFirst && gap is not null && ThrottledPattern().Match(gap) is { Success: true } throttled)
                CheckCount(long.Parse(throttled.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), number);
            (Last, gap, isFirst) = (number, null, false);
        }

        return this;
    }

    /// <summary>The last number in a text so far; 0 for none.</summary>
    public static int LastIn(string text)
        => FloodPattern().Matches(text) is { Count: > 0 } all ? int.Parse(all[^1].Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    // A page that was too far behind says which lines it left out: as many as are missing.
    private void CheckSize(Match skipped, int number)
    {
        CheckCount(long.Parse(skipped.Groups[2].Value, CultureInfo.InvariantCulture) - long.Parse(skipped.Groups[1].Value, CultureInfo.InvariantCulture) + 1, number);
    }

    private void CheckCount(long named, int number)
    {
        if (named != number - Last - 1)
            Faults.Add($"{number - Last - 1} lines are missing after {Last}, and the gap names {named}");
    }

    [GeneratedRegex(@"(?m)^flood (\d+)\r?$")]
    private static partial Regex FloodPattern();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex EscapePattern();

    [GeneratedRegex(@"^… \[OrleansWings\] ([\d,]+) lines? (?:was|were) skipped here: the server said more than")]
    private static partial Regex ThrottledPattern();

    [GeneratedRegex(@"^… lines (\d+)–(\d+) were skipped")]
    private static partial Regex SkippedPattern();
}
