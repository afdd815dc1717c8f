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
}
