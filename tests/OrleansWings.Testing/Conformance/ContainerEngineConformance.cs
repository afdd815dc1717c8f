namespace OrleansWings.Testing.Conformance;

/// <summary>What every engine must do, fake or real.</summary>
public abstract partial class ContainerEngineConformance : ContainerEngineRunner;
