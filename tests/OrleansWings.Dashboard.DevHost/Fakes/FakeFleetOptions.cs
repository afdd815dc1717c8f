namespace OrleansWings.Dashboard.DevHost.Fakes;

/// <summary>How large the simulated fleet is.</summary>
/// <param name="Servers">How many servers it begins with.</param>
public sealed record FakeFleetOptions(int Servers);
