using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Servers;

/// <summary>Why a start failed, for people.</summary>
internal static class StartFault
{
    public static string Describe(Exception exception) => exception switch
    {
        PortTakenException e => $"Port {e.Port} is in use on this host by another program. Stop that program, or give the server another port.",
        ImageMissingException e => $"The image {e.Image} is not on this host.",
        ImagePullException e => e.PlainMessage,
        EngineException e => e.Message,
        UnauthorizedAccessException or IOException => $"The server's folder could not be prepared: {exception.Message}",
        _ => $"Something unforeseen happened: {exception.Message}",
    };
}
