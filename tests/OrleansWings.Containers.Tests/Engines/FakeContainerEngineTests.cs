using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>The fake does what the real one does: the other projects' tests rest on that.</summary>
public sealed class FakeContainerEngineTests : ContainerEngineConformance
{
    protected override string Image => FakeContainerEngine.TestImage;

    protected override ValueTask<IContainerEngine> OpenEngineAsync() => ValueTask.FromResult<IContainerEngine>(new FakeContainerEngine());
}
