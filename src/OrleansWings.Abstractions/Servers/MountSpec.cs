namespace OrleansWings.Servers;

/// <summary>A folder of the host that a container sees. Only below the host's allowed folders.</summary>
/// <param name="Source">The folder on the host: an absolute path.</param>
/// <param name="Target">The folder in the container: an absolute path other than /home/container, /tmp and the system's.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
[GenerateSerializer, Immutable, Alias("mount-spec")]
public sealed record MountSpec([property: Id(0)] string Source, [property: Id(1)] string Target, [property: Id(2)] bool IsReadOnly = true);
