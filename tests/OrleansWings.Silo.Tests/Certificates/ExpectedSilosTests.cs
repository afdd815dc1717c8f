using System.Collections.Immutable;
using System.Net;
using OrleansWings.Silo.Certificates;

namespace OrleansWings.Silo.Tests.Certificates;

public sealed class ExpectedSilosTests
{
    private static readonly IPEndPoint s_here = new(IPAddress.Parse("10.0.0.5"), 11_111);

    [Fact]
    public void At_UnknownAddress_IsNotKnown()
    {
        Assert.Null(ExpectedSilos.At(s_here, Members()));
        Assert.Null(ExpectedSilos.At(s_here, Members((new(IPAddress.Parse("10.0.0.5"), 11_112), 1, "host:eu-1", SiloStatus.Active))));
        Assert.Null(ExpectedSilos.At(null, Members((s_here, 1, "host:eu-1", SiloStatus.Active))));
    }

    [Theory]
    [InlineData("host:eu-1", "host:eu-1")]
    [InlineData("control:a", "control:a")]
    [InlineData("all:eu-1", "control:eu-1")]
    public void At_Silo_IsTheCertificateThatItMustHave(string silo, string identity)
        => Assert.Equal([TestFleet.Who(identity)], ExpectedSilos.At(s_here, Members((s_here, 1, silo, SiloStatus.Joining)))!);

    [Theory]
    [InlineData("Silo_0f3a")]
    [InlineData("host:")]
    [InlineData("host:EU")]
    [InlineData("client:panel")]
    public void At_SiloOfNoNameOfOurs_IsNobody(string silo)
        => Assert.Empty(ExpectedSilos.At(s_here, Members((s_here, 1, silo, SiloStatus.Active)))!);

    [Fact]
    public void At_OneDiedAndAnotherCame_IsTheOneThatLives()
    {
        Assert.Equal([TestFleet.Who("host:b")], ExpectedSilos.At(s_here, Members((s_here, 1, "host:a", SiloStatus.Dead), (s_here, 2, "host:b", SiloStatus.Active)))!);
        Assert.Null(ExpectedSilos.At(s_here, Members((s_here, 1, "host:a", SiloStatus.Dead))));
        // The old one is not known to be dead yet.
        Assert.Equal(2, ExpectedSilos.At(s_here, Members((s_here, 1, "host:a", SiloStatus.Active), (s_here, 2, "host:b", SiloStatus.Joining)))!.Count);
    }

    private static ClusterMembershipSnapshot Members(params (IPEndPoint Address, int Generation, string Name, SiloStatus Status)[] silos)
        => new(silos.Select(silo => new ClusterMember(SiloAddress.New(silo.Address, silo.Generation), silo.Status, silo.Name))
            .ToImmutableDictionary(member => member.SiloAddress), new MembershipVersion(1));
}
