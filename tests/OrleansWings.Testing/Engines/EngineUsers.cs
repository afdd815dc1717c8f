namespace OrleansWings.Testing.Engines;

/// <summary>Who runs an engine, and who the users of its containers are on the machine (tests/engine/as-users).</summary>
public enum EngineUsers
{
    /// <summary>Root runs it, and users are as they are.</summary>
    AsTheyAre,

    /// <summary>Root runs it, and a container's user 0 is 300000 ("userns-remap").</summary>
    Remapped,

    /// <summary>User 231072 runs it, without any right; a container's user 0 is that one. It has no groups of the kernel: it limits and measures nothing.</summary>
    Rootless,
}
