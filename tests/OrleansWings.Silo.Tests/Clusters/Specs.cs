using OrleansWings.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>Specs of the tests' game.</summary>
internal static class Specs
{
    public static ServerSpec Game(string name = "game") => new()
    {
        Name = name,
        Image = "~" + FakeContainerEngine.TestImage,
        Startup = "game",
        DoneLines = ["Done ("],
        Stop = new StopRule { Kind = StopKind.Command, Value = "stop" },
    };
}
