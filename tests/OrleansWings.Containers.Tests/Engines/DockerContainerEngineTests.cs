using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Engines;

[Trait("Needs", "Docker")]
public sealed class DockerContainerEngineTests : ContainerEngineConformance
{
    protected override string Image => RealEngine.Image;

    protected override ValueTask<IContainerEngine> OpenEngineAsync() => ValueTask.FromResult<IContainerEngine>(RealEngine.Open());
}
