using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Storage.Moves;

namespace OrleansWings.Silo.Tests.Storage;

/// <summary>What a machine takes along when it moves to Redis.</summary>
public sealed class StateFileContentTests
{
    [Fact]
    public void States_EveryGrainWithState_IsAmongThem()
    {
        var stored = typeof(WingsStore).Assembly.GetTypes()
            .SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.GetCustomAttributes(inherit: false).OfType<PersistentStateAttribute>().SingleOrDefault())
            .OfType<PersistentStateAttribute>()
            .Where(attribute => attribute.StorageName == WingsStore.Name)
            .Select(attribute => attribute.StateName);

        Assert.Equal(stored.Order(), StateFileContent.States.Order());
    }
}
