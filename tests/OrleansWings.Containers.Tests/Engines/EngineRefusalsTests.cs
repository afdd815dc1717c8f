using System.Net;
using Docker.DotNet;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>The words of engines 20.10 to 28, as they were said.</summary>
public sealed class EngineRefusalsTests
{
    [Theory]
    [InlineData("driver failed programming external connectivity on endpoint x (a1): Bind for 0.0.0.0:25565 failed: port is already allocated", "0.0.0.0:25565")]
    [InlineData("driver failed programming external connectivity on endpoint x (a1): Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use", "127.0.0.1:80")]
    [InlineData("driver failed programming external connectivity on endpoint x (a1): Error starting userland proxy: listen udp 127.0.0.1:80: bind: address already in use", "127.0.0.1:80")]
    [InlineData("failed to set up container networking: driver failed programming external connectivity on endpoint x (a1): failed to bind host port for 0.0.0.0:80:172.17.0.2:80/tcp: address already in use", "0.0.0.0:80")]
    [InlineData("failed to set up container networking: driver failed programming external connectivity on endpoint x (a1): failed to bind host port 127.0.0.1:80/tcp: address already in use", "127.0.0.1:80")]
    [InlineData("Bind for [::1]:80 failed: port is already allocated", "[::1]:80")]
    [InlineData("something new: address already in use", "")]
    [InlineData("cannot assign requested address", null)]
    public void AsTakenPort_EnginesWords_NamesThePort(string words, string? port)
        => Assert.Equal(port, EngineRefusals.AsTakenPort(new EngineAnswerException(HttpStatusCode.InternalServerError, words))?.Port);

    [Theory]
    [InlineData("Pool overlaps with other one on this address space", true)]
    [InlineData("invalid pool request: Pool overlaps with other one on this address space", true)]
    [InlineData("cannot create network a (br-a): conflicts with network b (br-b): networks have overlapping IPv4", true)]
    [InlineData("invalid subnet", false)]
    public void IsTakenSubnet_EnginesWords_AreKnown(string words, bool expected)
        => Assert.Equal(expected, EngineRefusals.IsTakenSubnet(new EngineAnswerException(HttpStatusCode.Forbidden, words)));

    [Theory]
    [InlineData("cannot create network 1192 (games0): conflicts with network 5eb5 (games0): networks have same bridge name", true)]
    [InlineData("cannot create network 1192 (games0): conflicts with network 5eb5 (others): networks have same bridge name", false)]
    [InlineData("cannot create network 1192 (games0): conflicts with network 5eb5 (games0): networks have overlapping IPv4", false)]
    public void IsTakenBridge_OnlyOfTheSameName_IsTheOtherProgramsNetwork(string words, bool expected)
        => Assert.Equal(expected, EngineRefusals.IsTakenBridge(new EngineAnswerException(HttpStatusCode.Forbidden, words), "games0"));

    [Theory]
    [InlineData("manifest for 127.0.0.1:5000/x:1 not found: manifest unknown: manifest unknown", "no such image or tag")]
    [InlineData("pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "asks for a login")]
    [InlineData("Head \"http://127.0.0.1:5000/v2/x/manifests/1\": no basic auth credentials", "asks for a user name and password")]
    [InlineData("Head \"http://127.0.0.1:5000/v2/x/manifests/1\": unauthorized: authentication required", "does not accept")]
    [InlineData("Get \"http://127.0.0.1:9/v2/\": dial tcp 127.0.0.1:9: connect: connection refused", "does not answer")]
    [InlineData("Get \"https://registry.invalid/v2/\": dial tcp: lookup registry.invalid: no such host", "name is not known")]
    [InlineData("write /var/lib/x: no space left on device", "disk is full")]
    [InlineData("something new", "something new")]
    public void ToException_FailedPull_SaysWhyInPlainWords(string words, string meaning)
    {
        var failure = PullRefusals.ToException("x:1", words);
        Assert.Contains(meaning, failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("game", "game", "latest")]
    [InlineData("game:1.2", "game", "1.2")]
    [InlineData("registry.test:5000/games/game", "registry.test:5000/games/game", "latest")]
    [InlineData("registry.test:5000/game:1", "registry.test:5000/game", "1")]
    [InlineData("game@sha256:abc", "game", "sha256:abc")]
    public void ImageReference_Name_IsTakenApart(string image, string repository, string tag)
        => Assert.Equal(new ImageReference(repository, tag), ImageReference.Parse(image));

    [Theory]
    [InlineData("{\"message\":\"no such thing\\n\"}", "no such thing")]
    [InlineData("plain words", "plain words")]
    [InlineData("[1]", "The engine, or something between, answered 500 (Internal Server Error) and nothing that can be read.")]
    [InlineData("", "The engine answered 500 (Internal Server Error).")]
    [InlineData(null, "The engine answered 500 (Internal Server Error).")]
    public void From_AnswersBody_IsTheEnginesWords(string? body, string expected)
        => Assert.Equal(expected, EngineAnswerException.From(new DockerApiException(HttpStatusCode.InternalServerError, body)).Message);

    [Theory]
    [InlineData("ssh://host")]
    [InlineData("unix:///a/path/that/is/much/too/long/for/a/socket/because/the/kernel/has/only/one/hundred/and/eight/bytes/for/it/docker.sock")]
    public void Constructor_AddressThatCannotWork_SaysWhy(string address)
        => Assert.Throws<ArgumentException>(() => new DockerContainerEngine(new Uri(address)));
}
