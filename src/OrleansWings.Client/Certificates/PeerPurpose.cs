namespace OrleansWings.Certificates;

/// <summary>What a connection is for: it decides who may be at its other end.</summary>
public enum PeerPurpose
{
    /// <summary>Somebody connects to this silo's port: only silos may.</summary>
    SiloInbound,

    /// <summary>This silo connects to another one.</summary>
    SiloOutbound,

    /// <summary>Somebody connects to this silo's gateway: silos and panel code may.</summary>
    GatewayInbound,

    /// <summary>Panel code connects to a gateway: only a control has one.</summary>
    GatewayOutbound,

    /// <summary>This process connects to the cluster's store.</summary>
    RedisOutbound,
}

/// <summary>Whether the other end of a connection is who it must be.</summary>
/// <param name="Identity">Who it is by a certificate of this fleet's CA; null when that is not known.</param>
/// <param name="Refusal">Why it is refused, as the end of a sentence; null when it is accepted.</param>
public readonly record struct PeerVerdict(FleetIdentity? Identity, string? Refusal)
{
    /// <summary>Whether the connection may go on.</summary>
    public bool IsAccepted => Refusal is null;
}
