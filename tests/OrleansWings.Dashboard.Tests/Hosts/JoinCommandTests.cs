using OrleansWings.Dashboard.Hosts;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class JoinCommandTests
{
    private static readonly HostId s_host = new("eu-2");

    [Fact]
    public void Start_UsualFleet_HasTheFourSettings()
        => Assert.Equal(
            "WINGS_ROLE=host \\\nWINGS_HOST=eu-2 \\\nWINGS_REDIS=rediss://10.0.0.2:6379 \\\nWINGS_CERTIFICATES=/etc/orleans-wings/certificates \\\norleans-wings",
            JoinCommand.Start(s_host, new FleetEntrance("rediss://10.0.0.2:6379", HasPassword: false, HasCertificates: true, Cluster: null, IsLocal: false)));

    [Fact]
    public void Start_EverythingElseThatThisFleetHas_IsThereToo()
        => Assert.Equal(
            ["WINGS_ALLOW_PLAIN_CLUSTER=true \\", "WINGS_REDIS_PASSWORD_FILE=/etc/orleans-wings/redis-password \\", "WINGS_CLUSTER=night \\", "orleans-wings"],
            JoinCommand.Start(s_host, new FleetEntrance("redis://10.0.0.2:6379", HasPassword: true, HasCertificates: false, Cluster: "night", IsLocal: false)).Split('\n')[3..]);

    [Fact]
    public void Certificates_AreForTheHostByItsName()
        => Assert.Equal("orleans-wings certificates host eu-2 --ca ca --out eu-2", JoinCommand.Certificates(s_host));

    [Theory]
    [InlineData("eu-2", null)]
    [InlineData("", "'' is not a host name: use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.")]
    [InlineData("Eu 2; reboot", "'Eu 2; reboot' is not a host name: use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.")]
    [InlineData("eu-1", "A host named eu-1 is in this fleet. If another machine takes its place, remove it on its page first.")]
    public void Check_Name_SaysWhatIsWrong(string name, string? expected) => Assert.Equal(expected, JoinCommand.Check(name, [new HostId("eu-1")]));

    [Theory]
    [InlineData("", "host-1")]
    [InlineData("eu-1", "host-1")]
    [InlineData("host-1 host-3", "host-2")]
    [InlineData("host-2 host-1", "host-3")]
    public void FreeName_IsTheFirstThatNobodyHas(string taken, string expected)
        => Assert.Equal(expected, JoinCommand.FreeName(taken.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new HostId(name))));
}
