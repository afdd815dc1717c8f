using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

/// <summary>Pictures by hand.</summary>
internal static class Snapshots
{
    public static ServerSnapshot Of(PowerState state) => new()
    {
        Id = new ServerId(new Guid(7, 0, 0, new byte[8])),
        Name = "Lobby",
        Host = new HostId("eu-1"),
        State = state,
    };
}
