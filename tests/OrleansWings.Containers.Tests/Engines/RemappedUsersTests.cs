using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Tests.Engines;

public sealed class RemappedUsersTests
{
    [Theory]
    [InlineData("/var/lib/docker/231072.231073", "name=seccomp,profile=default", "name=userns")]
    [InlineData("/var/lib/docker/231072.231073", "name=userns")]
    public void Read_OfAnEngineThatRemaps_IsTheFirstOfItsRange(string folder, params string[] options)
        => Assert.Equal((231_072, 231_073), RemappedUsers.Read(options, folder));

    [Theory]
    [InlineData("/var/lib/docker", "name=seccomp,profile=default")]
    [InlineData("/home/docker.1/231072.231073", "name=rootless")] // no remapping of root's engine
    [InlineData("/var/lib/docker", "name=userns")]
    [InlineData("/var/lib/1.2.3", "name=userns")]
    [InlineData("/var/lib/-1.2", "name=userns")]
    [InlineData(null, "name=userns")]
    public void Read_OfAnyOther_IsNothing(string? folder, params string[] options)
        => Assert.Null(RemappedUsers.Read(options, folder));

    [Fact]
    public void Read_NothingSaid_IsNothing() => Assert.Null(RemappedUsers.Read(null, "/var/lib/docker/1.1"));
}
