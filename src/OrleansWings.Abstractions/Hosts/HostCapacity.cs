namespace OrleansWings.Hosts;

/// <summary>How much of a host there is, how much is promised to servers, and how much is in use.</summary>
[GenerateSerializer, Immutable, Alias("host-capacity")]
public sealed record HostCapacity
{
    /// <summary>Memory, in MiB.</summary>
    [Id(0)]
    public CapacityShare Memory { get; init; } = new();

    /// <summary>CPU, in % of one core.</summary>
    [Id(1)]
    public CapacityShare Cpu { get; init; } = new();

    /// <summary>Disk, in MiB.</summary>
    [Id(2)]
    public CapacityShare Disk { get; init; } = new();

    /// <summary>Ports in its pools.</summary>
    [Id(3)]
    public int PoolPorts { get; init; }

    /// <summary>Those of them that nobody holds.</summary>
    [Id(4)]
    public int FreePoolPorts { get; init; }
}

/// <summary>One of the things that a host has.</summary>
[GenerateSerializer, Immutable, Alias("capacity-share")]
public sealed record CapacityShare
{
    /// <summary>What the machine has; 0 when that is not known, and then nothing is refused for want of it.</summary>
    [Id(0)]
    public long Total { get; init; }

    /// <summary>How often it may be promised.</summary>
    [Id(1)]
    public double Factor { get; init; } = 1;

    /// <summary>What is promised to servers: their limits; a server without one counts with what it uses.</summary>
    [Id(2)]
    public long Promised { get; init; }

    /// <summary>What is in use on the whole machine, as measured; 0 when it was not.</summary>
    [Id(3)]
    public long Used { get; init; }

    /// <summary>What servers without a limit may well come to take beyond what they use now. It ranks hosts, and refuses nothing: nobody was promised it.</summary>
    [Id(4)]
    public long Expected { get; init; }

    /// <summary>How much may be promised.</summary>
    public long Limit => (long)(Total * Factor);

    /// <summary>How much more may be promised, whatever is in use.</summary>
    public long Unpromised => Math.Max(0, Limit - Promised);

    /// <summary>How much is left: what is in use counts when it is more than what is promised, as it is gone either way.</summary>
    public long Free => Math.Max(0, Limit - Math.Max(Promised, Used));
}
