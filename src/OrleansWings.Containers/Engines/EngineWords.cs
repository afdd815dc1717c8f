using System.Net;
using System.Text.Json;

namespace OrleansWings.Containers.Engines;

/// <summary>What an engine's refusal says, for a person.</summary>
internal static class EngineWords
{
    private const int Longest = 1_000;

    /// <summary>The engine's own words; a sentence of ours where there are none, or what came is a web page or other text that nobody can read.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">Its body, as it came.</param>
    public static string Of(HttpStatusCode status, string? body)
    {
        var text = body?.Trim() ?? "";
        if (text.Length == 0)
            return $"The engine answered {Name(status)}.";
        var words = text[0] is '{' or '[' ? InJson(text) : text;
        // What stands between us and an engine (a proxy, a gateway) answers with a page.
        return words is null or ['<', ..] || words.Any(IsNoText)
            ? $"The engine, or something between, answered {Name(status)} and nothing that can be read."
            : words.Length <= Longest ? words : $"{words[..Longest]}…";
    }

    // The engine wraps its words in {"message": "…"}.
    private static string? InJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String
                && message.GetString()!.Trim() is { Length: > 0 } words
                    ? words
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsNoText(char character) => char.IsControl(character) && character is not ('\n' or '\r' or '\t') || character == '\uFFFD';

    private static string Name(HttpStatusCode status) => Enum.IsDefined(status) ? $"{(int)status} ({Spaced(status)})" : $"{(int)status}";

    private static string Spaced(HttpStatusCode status)
        => string.Concat(status.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? $" {letter}" : $"{letter}"));
}
