using System.Net;
using System.Text.Json;
using Docker.DotNet;

namespace OrleansWings.Containers.Engines;

/// <summary>The engine answered with a fault: its status and its own words. Callers outside see an <see cref="EngineException"/>.</summary>
internal sealed class EngineAnswerException(HttpStatusCode status, string words, Exception? inner = null) : EngineException(words, inner)
{
    public HttpStatusCode Status { get; } = status;

    public static EngineAnswerException From(DockerApiException answer)
        => new(answer.StatusCode, ReadWords(answer.ResponseBody) ?? $"The engine answered {(int)answer.StatusCode}.", answer);

    public bool Says(string words) => Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>The engine wraps its words in {"message": "…"}; a proxy in front of it may not.</summary>
    private static string? ReadWords(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
            return null;

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var message)
                && message.GetString() is { Length: > 0 } words
                    ? words.Trim()
                    : body.Trim();
        }
        catch (JsonException)
        {
            return body.Trim();
        }
    }
}
