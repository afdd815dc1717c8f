namespace OrleansWings.Containers.Engines;

/// <summary>The engine's own id of a container: 64 hexadecimal digits.</summary>
/// <param name="Value">All of them.</param>
public readonly record struct ContainerId(string Value)
{
    /// <summary>The first twelve digits, as the docker command shows them.</summary>
    public override string ToString() => Value is { Length: > 12 } ? Value[..12] : Value;
}
