using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace OrleansWings.Servers;

/// <summary>
/// Names one server everywhere: grain key, container name, folder name. Written in the "D" format of a Guid.
/// </summary>
/// <param name="Value">The id; never empty.</param>
[GenerateSerializer, Immutable, Alias("server-id")]
[JsonConverter(typeof(ServerIdJsonConverter))]
public readonly record struct ServerId([property: Id(0)] Guid Value) : IParsable<ServerId>, IComparable<ServerId>
{
    /// <summary>A new id that no server has.</summary>
    public static ServerId New() => new(Guid.CreateVersion7());

    /// <summary>Reads the "D" format.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <exception cref="FormatException">The text is not a server id; the message repeats it.</exception>
    public static ServerId Parse(string s, IFormatProvider? provider = null)
        => TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a server id.");

    /// <summary>Reads the "D" format; the empty id is refused.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The id, when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ServerId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value) && value != Guid.Empty;
        result = new ServerId(value);
        return ok;
    }

    /// <inheritdoc />
    public int CompareTo(ServerId other) => Value.CompareTo(other.Value);

    /// <summary>The id in "D" format: also the container's name and the volume folder's.</summary>
    public override string ToString() => Value.ToString("D");
}
