using System.Net;
using Docker.DotNet;

namespace OrleansWings.Containers.Engines;

/// <summary>The engine answered with a fault: its status and its own words. Callers outside see an <see cref="EngineException"/>.</summary>
internal sealed class EngineAnswerException(HttpStatusCode status, string words, Exception? inner = null) : EngineException(words, inner)
{
    public HttpStatusCode Status { get; } = status;

    public static EngineAnswerException From(DockerApiException answer)
        => new(answer.StatusCode, EngineWords.Of(answer.StatusCode, answer.ResponseBody), answer);

    public bool Says(string words) => Message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
