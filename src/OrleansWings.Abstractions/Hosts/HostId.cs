using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansWings.Hosts;

/// <summary>
/// Names one Docker host: 1 to 40 of a-z, 0-9 and '-', the first not a '-'. Chosen by the operator, kept for ever.
/// </summary>
[GenerateSerializer, Immutable, Alias("host-id")]
[JsonConverter(typeof(HostIdJsonConverter))]
public readonly record struct HostId : IParsable<HostId>
{
    /// <summary>Checks and keeps the name.</summary>
    /// <param name="value">The name.</param>
    /// <exception cref="FormatException">The name has another form; the message repeats it.</exception>
    public HostId(string value)
        => Value = IsValid(value) ? value : throw new FormatException(
            $"'{value}' is not a host name: use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.");

    /// <summary>The name.</summary>
    [Id(0)]
    public string Value { get; private init; }

    /// <summary>Whether a text has the form of a host's name.</summary>
    /// <param name="value">The text.</param>
    public static bool IsValid([NotNullWhen(true)] string? value)
        => value is { Length: >= 1 and <= 40 } && value[0] != '-'
            && value.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>Reads a name.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <exception cref="FormatException">The text is not a host's name.</exception>
    public static HostId Parse(string s, IFormatProvider? provider = null) => new(s);

    /// <summary>Reads a name.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The host's name, when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out HostId result)
    {
        var ok = IsValid(s);
        result = ok ? new HostId(s!) : default;
        return ok;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Value;
}

/// <summary>Writes a <see cref="HostId"/> as its text, also as a key of a dictionary.</summary>
public sealed class HostIdJsonConverter : JsonConverter<HostId>
{
    /// <inheritdoc />
    public override HostId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => new(reader.GetString() ?? "");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, HostId value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.Value);

    /// <inheritdoc />
    public override HostId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => new(reader.GetString() ?? "");

    /// <inheritdoc />
    public override void WriteAsPropertyName(Utf8JsonWriter writer, HostId value, JsonSerializerOptions options)
        => writer.WritePropertyName(value.Value);
}
