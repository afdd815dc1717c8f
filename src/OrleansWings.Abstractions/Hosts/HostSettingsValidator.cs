using System.Collections.Immutable;
using System.Text.RegularExpressions;
using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>What operators may say of a host: asked by the dashboard at the field and by the host's grain before anything is written.</summary>
public static partial class HostSettingsValidator
{
    private const int MaxLabels = 64;
    private const int MaxNote = 500;

    /// <summary>Every fault of a set of labels, of a host's own or of those that a server asks for.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="field">What the set is called.</param>
    public static ImmutableArray<SpecFault> CheckLabels(IReadOnlyDictionary<string, string>? labels, string field)
    {
        if (labels is null)
            return [new SpecFault(field, "The labels are null: give an empty set.")];
        var faults = ImmutableArray.CreateBuilder<SpecFault>();
        if (labels.Count > MaxLabels)
            faults.Add(new SpecFault(field, $"{labels.Count} labels are too many: at most {MaxLabels}."));
        foreach (var (key, value) in labels)
        {
            if (CheckLabel(key, value) is { } fault)
                faults.Add(new SpecFault($"{field}[{key}]", fault));
        }

        return faults.ToImmutable();
    }

    /// <summary>What is wrong with a label; null when nothing is.</summary>
    /// <param name="key">As typed.</param>
    /// <param name="value">As typed.</param>
    public static string? CheckLabel(string key, string? value)
        => !KeyPattern().IsMatch(key) ? $"'{Shorten(key)}' is not a label's name: use 1 to 63 of a-z, 0-9, '.', '-', '_' and '/', and begin and end with a letter or digit."
            : value is null || !ValuePattern().IsMatch(value) ? $"'{Shorten(value ?? "")}' is not a label's value: use 1 to 63 letters, digits, '.', '-' and '_'."
            : null;

    /// <summary>Every fault of the factors.</summary>
    /// <param name="factors">The factors.</param>
    public static ImmutableArray<SpecFault> Check(OverCommit factors)
    {
        return [.. Faults()];

        IEnumerable<SpecFault> Faults()
        {
            foreach (var (field, factor) in new[] { (nameof(factors.Memory), factors.Memory), (nameof(factors.Cpu), factors.Cpu), (nameof(factors.Disk), factors.Disk) })
            {
                // Written so that "not a number" is refused too.
                if (!(factor >= 0.1 && factor <= 20))
                    yield return new SpecFault(field, FormattableString.Invariant($"{factor} is not a factor: 0.1 to 20."));
            }
        }
    }

    /// <summary>Every fault of a pool by itself.</summary>
    /// <param name="pool">The pool.</param>
    public static ImmutableArray<SpecFault> Check(AllocationPool pool)
    {
        return [.. Faults()];

        IEnumerable<SpecFault> Faults()
        {
            if (ServerSpecValidator.CheckAddress(pool.Address) is { } address)
                yield return new SpecFault(nameof(pool.Address), address);
            foreach (var (field, port) in new[] { (nameof(pool.FirstPort), pool.FirstPort), (nameof(pool.LastPort), pool.LastPort) })
            {
                if (ServerSpecValidator.CheckPort(port) is { } fault)
                    yield return new SpecFault(field, fault);
            }

            if (pool.LastPort < pool.FirstPort)
                yield return new SpecFault(nameof(pool.LastPort), $"The last port {pool.LastPort} is below the first one, {pool.FirstPort}.");
            if (CheckNote(pool.Note) is { } note)
                yield return new SpecFault(nameof(pool.Note), note);
        }
    }

    /// <summary>What is wrong with a note; null when nothing is.</summary>
    /// <param name="note">As typed.</param>
    public static string? CheckNote(string? note)
        => note is null ? "The note is null: leave it empty."
            : note.Length > MaxNote ? $"The note is {note.Length} characters long; at most {MaxNote}."
            : note.Any(char.IsControl) ? "The note has a control character in it."
            : null;

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9._/-]{0,61}[a-z0-9])?\z")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,63}\z")]
    private static partial Regex ValuePattern();
}
