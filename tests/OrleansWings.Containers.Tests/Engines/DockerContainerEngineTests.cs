using OrleansWings.Testing.Conformance;

namespace OrleansWings.Containers.Tests.Engines;

[Trait("Needs", "Docker")]
public sealed class DockerContainerEngineTests : ContainerEngineConformance;
