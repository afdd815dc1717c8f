using System.Net;
using System.Text.RegularExpressions;

namespace OrleansWings.Containers.Engines;

/// <summary>Recognises what the engine's words mean, over all its versions: it has no codes for these.</summary>
internal static partial class EngineRefusals
{
    public static bool IsMissingContainer(EngineAnswerException answer)
        => answer.Status == HttpStatusCode.NotFound && answer.Says("no such container")
            || answer.Says("is marked for removal");

    public static bool IsMissingImage(EngineAnswerException answer)
        => answer.Status == HttpStatusCode.NotFound && answer.Says("image");

    public static bool IsTakenName(EngineAnswerException answer)
        => answer.Status == HttpStatusCode.Conflict && answer.Says("name") && (answer.Says("in use") || answer.Says("already exists"));

    public static bool IsSameName(EngineAnswerException answer)
        => answer.Says("renaming a container with the same name");

    /// <summary>The process was gone before the signal came: said with several statuses.</summary>
    public static bool IsNotRunning(EngineAnswerException answer)
        => answer.Status == HttpStatusCode.NotFound || answer.Says("is not running") || answer.Says("no such process") || answer.Says("process already finished");

    public static bool IsRemovalUnderWay(EngineAnswerException answer)
        => answer.Status == HttpStatusCode.Conflict && answer.Says("removal of container") && answer.Says("already in progress");

    public static bool IsTakenSubnet(EngineAnswerException answer)
        => answer.Says("pool overlaps") || answer.Says("overlapping ipv4") || answer.Says("overlapping ipv6");

    /// <summary>Another program made the network of that name at the same moment: older engines then only see that both want the same bridge.</summary>
    public static bool IsTakenBridge(EngineAnswerException answer, string network) => answer.Says($"({network}): networks have same bridge name");

    public static bool IsNetworkInUse(EngineAnswerException answer) => answer.Says("has active endpoints");

    /// <summary>Taken by another container ("already allocated") or by any other program ("address already in use"); null when it is neither.</summary>
    public static PortTakenException? AsTakenPort(EngineAnswerException answer)
    {
        if (!answer.Says("port is already allocated") && !answer.Says("address already in use"))
            return null;

        var match = BoundAddress().Match(answer.Message);
        var port = match.Success ? match.Groups["address"].Value : "";
        return new PortTakenException(port, port.Length == 0
            ? $"A port of this server is in use on its host: {answer.Message}"
            : $"{port} is in use on this host.");
    }

    // "Bind for 0.0.0.0:80 failed", "listen tcp4 0.0.0.0:80: bind", "failed to bind host port for 0.0.0.0:80:172.17.0.2:80/tcp",
    // "failed to bind host port 127.0.0.1:80/tcp", "[::1]:80" in each.
    [GeneratedRegex(@"(?:bind for|listen (?:tcp|udp)[46]?|bind host port(?: for)?) (?<address>(?:\[[0-9a-f:.]+\]|[0-9.]+):[0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex BoundAddress();
}
