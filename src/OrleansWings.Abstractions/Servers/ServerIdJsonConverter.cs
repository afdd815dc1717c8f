using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansWings.Servers;

/// <summary>Writes a <see cref="ServerId"/> as its text, also as a key of a dictionary.</summary>
public sealed class ServerIdJsonConverter : JsonConverter<ServerId>
{
    /// <inheritdoc />
    public override ServerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => ServerId.Parse(reader.GetString() ?? "");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, ServerId value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.Value);

    /// <inheritdoc />
    public override ServerId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => ServerId.Parse(reader.GetString() ?? "");

    /// <inheritdoc />
    public override void WriteAsPropertyName(Utf8JsonWriter writer, ServerId value, JsonSerializerOptions options)
        => writer.WritePropertyName(value.ToString());
}
