using System.Diagnostics.CodeAnalysis;

namespace OrleansWings.Jobs;

/// <summary>Names one job of a fleet. Written in the "D" format of a Guid.</summary>
/// <param name="Value">The id; never empty.</param>
[GenerateSerializer, Immutable, Alias("job-id")]
public readonly record struct JobId([property: Id(0)] Guid Value) : IParsable<JobId>
{
    /// <summary>A new id that no job has; later ones sort after earlier ones.</summary>
    public static JobId New() => new(Guid.CreateVersion7());

    /// <summary>Reads the "D" format.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <exception cref="FormatException">The text is not a job's id; the message repeats it.</exception>
    public static JobId Parse(string s, IFormatProvider? provider = null)
        => TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a job id.");

    /// <summary>Reads the "D" format; the empty id is refused.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The id, when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out JobId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value) && value != Guid.Empty;
        result = new JobId(value);
        return ok;
    }

    /// <summary>The id in "D" format.</summary>
    public override string ToString() => Value.ToString("D");
}
