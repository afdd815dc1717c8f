using System.Globalization;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Hosts;

/// <summary>Labels that mark what is ours; stored on containers, so they never change.</summary>
internal static class ContainerLabels
{
    public const string Cluster = "orleanswings.cluster";
    public const string ServerId = "orleanswings.server-id";
    public const string Run = "orleanswings.run";
    public const string Epoch = "orleanswings.epoch";
    public const string Kind = "orleanswings.kind";
    public const string Spec = "orleanswings.spec";

    public const string KindServer = "server";
    public const string KindNetwork = "network";

    /// <summary>A label that is a number; null when it is missing or is none.</summary>
    public static long? Number(ContainerState container, string label)
        => long.TryParse(container.Labels.GetValueOrDefault(label), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
