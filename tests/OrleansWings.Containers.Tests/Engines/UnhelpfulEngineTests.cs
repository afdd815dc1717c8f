using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>What is at the address is no engine that works: nobody, one that is silent, one that talks nonsense or hangs up.</summary>
public sealed class UnhelpfulEngineTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    // Where nobody answers. Who does is waited for as usual: on a crowded machine a second is little.
    private readonly EngineTimeouts _timeouts = new() { Call = TimeSpan.FromSeconds(1), Change = TimeSpan.FromSeconds(1), PullSilence = TimeSpan.FromSeconds(1) };

    public UnhelpfulEngineTests() => _listener.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Uri Address => new($"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    [Fact]
    public async Task Calls_NobodyListens_AreUnreachable()
    {
        _listener.Stop();
        await AssertUnreachableAsync(new Uri("unix:///tmp/no-such-folder/docker.sock"), "no such socket");
        await AssertUnreachableAsync(new Uri("tcp://127.0.0.1:9"), "refused");
        await AssertUnreachableAsync(new Uri("http://127.0.0.1:9"), "refused");
    }

    [Fact]
    public async Task Calls_EngineIsSilent_FailInTime()
    {
        await AssertUnreachableAsync(Address, "did not answer within 1 s");
        await using var engine = new DockerContainerEngine(Address, _timeouts);
        await Assert.ThrowsAsync<EngineUnreachableException>(() => engine.CreateAsync(new ContainerSpec { Name = "name", Image = "image" }, Token));
        await Assert.ThrowsAsync<EngineUnreachableException>(() => engine.WaitAsync("name", Token));
        await Assert.ThrowsAsync<EngineUnreachableException>(async () => await engine.WatchEventsAsync("label", Token).GetAsyncEnumerator(Token).MoveNextAsync());
    }

    [Fact]
    public async Task PullImage_EngineIsSilent_FailsInTime()
    {
        await using var engine = new DockerContainerEngine(Address, _timeouts);
        var failure = await Assert.ThrowsAsync<ImagePullException>(() => engine.PullImageAsync("image:1", null, null, Token));
        Assert.Contains("nothing came for 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ID\":")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("220 mail.example ESMTP\r\n")]
    public async Task Calls_AnswerIsNonsense_AreEngineExceptions(string answer)
    {
        var answering = AnswerAsync(answer);
        await using var engine = new DockerContainerEngine(Address);
        await Assert.ThrowsAnyAsync<EngineException>(() => engine.GetFactsAsync(Token));
        await answering;
    }

    [Fact]
    public async Task Calls_Refused_AreTheEnginesWords()
    {
        var answering = AnswerAsync("HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n{\"message\":\"the disk is full.\"}");
        await using var engine = new DockerContainerEngine(Address);
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => engine.InspectAsync("name", Token));
        Assert.Equal("the disk is full.", failure.Message);
        await answering;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AssertUnreachableAsync(Uri address, string words)
    {
        await using var engine = new DockerContainerEngine(address, _timeouts);
        var failure = await Assert.ThrowsAsync<EngineUnreachableException>(() => engine.GetFactsAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    private async Task AnswerAsync(string answer)
    {
        using var client = await _listener.AcceptTcpClientAsync(Token);
        var stream = client.GetStream();
        var request = new byte[16 * 1024];
        await stream.ReadAtLeastAsync(request, 1, throwOnEndOfStream: false, Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Token);
    }
}
