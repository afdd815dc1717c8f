using System.Net;
using OrleansWings.Silo.Storage.Moves;

namespace OrleansWings.Silo.Tests.Storage;

public sealed class LivingMembersTests
{
    private static readonly DateTime s_then = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Renewed_EntriesThatStayAsTheyWere_AreOfTheDead()
        => Assert.Empty(LivingMembers.Renewed(Table(("control:a", 1, 0), ("host:b", 2, 0)), Table(("control:a", 1, 0), ("host:b", 2, 0))));

    [Fact]
    public void Renewed_EntryThatIsNewerOrNew_IsOfTheLiving()
        => Assert.Equal(["control:a", "host:c"], LivingMembers.Renewed(
            Table(("control:a", 1, 0), ("host:b", 2, 0)), Table(("host:c", 3, 0), ("control:a", 1, 5), ("host:b", 2, 0))));

    private static Dictionary<SiloAddress, MembershipEntry> Table(params (string Name, int Port, int AliveAfter)[] silos)
        => silos.Select(silo => new MembershipEntry
        {
            SiloName = silo.Name,
            SiloAddress = SiloAddress.New(IPAddress.Loopback, silo.Port, 1),
            IAmAliveTime = s_then.AddSeconds(silo.AliveAfter),
        }).ToDictionary(entry => entry.SiloAddress);
}
