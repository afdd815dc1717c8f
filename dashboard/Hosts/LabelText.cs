using System.Collections.Immutable;

namespace OrleansWings.Dashboard.Hosts;

/// <summary>Labels as a person types them: "region=eu, disk=nvme".</summary>
public static class LabelText
{
    /// <summary>As text.</summary>
    public static string Write(IReadOnlyDictionary<string, string> labels) => string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}"));

    /// <summary>Reads them; commas and spaces part them. Whether they can be is for the validator to say.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="fault">What cannot be read; null when everything can.</param>
    public static ImmutableSortedDictionary<string, string> Read(string text, out string? fault)
    {
        fault = null;
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (var word in text.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            if (at < 0)
                fault ??= $"'{word}' is not a label: write it as name=value.";
            else if (!labels.TryAdd(word[..at], word[(at + 1)..]))
                fault ??= $"{word[..at]} is there twice.";
        }

        return labels.ToImmutable();
    }
}
