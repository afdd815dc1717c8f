using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleSessionTests : IAsyncDisposable
{
    private readonly SessionTesting _test = new();

    private ConsoleSession Session => _test.Session;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task AttachAsync_GameSpeaks_EachLineIsARecord()
    {
        await Session.AttachAsync("game", default);
        Assert.True(Session.IsAttached);
        await _test.SayAsync("one\r\ntwo\r\n");

        Assert.Equal(["one", "two"], _test.Texts);
        Assert.Equal(new ConsolePosition(1, 3), Session.Head);
    }

    [Fact]
    public async Task AttachAsync_NoContainer_SaysSoAndStaysDetached()
    {
        await Assert.ThrowsAsync<ContainerMissingException>(() => Session.AttachAsync("none", default));
        Assert.False(Session.IsAttached);
    }

    [Fact]
    public async Task Prompt_AfterFiftyMilliseconds_IsShown()
    {
        await Session.AttachAsync("game", default);
        await _test.SayAsync("> ");
        _test.Time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Empty(_test.Texts);

        _test.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["> …"], _test.Texts);

        Session.WriteWings("Hello");
        await _test.SayAsync("stop\r\n");
        Assert.Equal(["> …", "\e[33m[OrleansWings] Hello\e[0m", "stop"], _test.Texts);
        Assert.Equal([ConsoleSource.Game, ConsoleSource.Wings, ConsoleSource.Game], _test.Records.Select(r => r.Source));
        Assert.Equal(["\e[33m[OrleansWings] Hello\e[0m", "> stop"], Session.ReadText(10));
    }

    [Fact]
    public async Task Spinner_NeverSilent_IsShownAllTheSame()
    {
        await Session.AttachAsync("game", default);
        for (var i = 0; i < 20; i++)
        {
            await _test.SayAsync($"{i % 10}");
            _test.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.NotEmpty(_test.Texts);
        Assert.Equal("01234567890123456789", string.Concat(_test.Texts).Replace("…", ""));
    }

    [Fact]
    public async Task BytesThatAreNotUtf8_AndTenMegabytesInALine_AreAllKept()
    {
        await Session.AttachAsync("game", default);
        var bytes = new byte[10 << 20];
        new Random(1).NextBytes(bytes);
        bytes.AsSpan().Replace((byte)'\n', (byte)0);
        bytes.AsSpan().Replace((byte)'\r', (byte)0);
        _test.Engine.Say(bytes);
        _test.Engine.Say("\r\n");
        await _test.Engine.Terminal.ReadUpAsync();

        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)),
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([.. _test.Records.SelectMany(r => r.Bytes.ToArray())])));
        Assert.False(_test.Records[^1].IsPartial);
    }

    [Fact]
    public async Task LineRead_WhileSomebodyListens_GetsWholePlainLines()
    {
        var lines = new List<string>();
        await Session.AttachAsync("game", default);
        await _test.SayAsync("before\r\n");
        Session.LineRead += lines.Add;
        await _test.SayAsync("\e[1;32mDone\e[0m (1.5s)! \e]0;title\aFor help\r\n> ");
        _test.Time.Advance(TimeSpan.FromSeconds(1));
        Session.WriteWings("not the game's");
        await _test.SayAsync("st\u00ff");
        await _test.SayAsync("op\r\n");
        Session.LineRead -= lines.Add;
        await _test.SayAsync("after\r\n");

        Assert.Equal(["Done (1.5s)! For help", "> st\ufffdop"], lines);
    }

    [Fact]
    public async Task LineRead_ListenerFails_TheGameIsReadOn()
    {
        Session.LineRead += _ => throw new InvalidOperationException("no");
        await Session.AttachAsync("game", default);
        await _test.SayAsync("a\r\n");
        await _test.SayAsync("b\r\n");

        Assert.Equal(["a", "b"], _test.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Detached_TerminalEndsOrIsCut_ComesAfterTheLastBytes(bool isCut)
    {
        var detached = new TaskCompletionSource<string[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Session.Detached += () => detached.TrySetResult(_test.Texts);
        await Session.AttachAsync("game", default);
        _test.Engine.Say("bye\r\nunended");
        _test.Engine.Terminal.End(isCut ? new IOException("cut") : null);

        Assert.Equal(["bye", "unended…"], await detached.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(Session.IsAttached);
        Assert.True(_test.Engine.Terminal.IsDisposed);
    }

    [Fact]
    public async Task DetachAsync_Attached_EndsWithoutTheEvent()
    {
        var events = 0;
        Session.Detached += () => events++;
        await Session.AttachAsync("game", default);
        await _test.SayAsync("a\r\nb");
        await Session.DetachAsync();

        Assert.Equal(["a", "b…"], _test.Texts);
        Assert.Equal(0, events);
        Assert.False(Session.IsAttached);
    }

    [Fact]
    public async Task BeginRun_NewRun_NumbersFromOneAgain()
    {
        await Session.AttachAsync("game", default);
        await _test.SayAsync("a\r\nrest");
        await Session.DetachAsync();
        Session.BeginRun(2);
        Session.BeginRun(2);
        await Session.AttachAsync("game", default);
        await _test.SayAsync("b\r\n");

        Assert.Equal(["1:1", "1:2", "2:1"], _test.Records.Select(r => r.Position.ToString()));
        Assert.Equal(["b"], Session.ReadText(2));
    }

    [Fact]
    public async Task SendAsync_Attached_TypesTheCommandInOneWrite()
    {
        await Assert.ThrowsAsync<NotAttachedException>(() => Session.SendAsync("list", default).AsTask());
        await Session.AttachAsync("game", default);
        await Session.SendAsync("say héllo", default);
        await Session.SendAsync("stop", default);

        Assert.Equal(["say héllo\n", "stop\n"], _test.Engine.Terminal.Typed);
    }

    [Fact]
    public async Task SendAsync_GameDoesNotRead_IsRefusedInTimeAndNothingIsGlued()
    {
        await Session.AttachAsync("game", default);
        _test.Engine.Terminal.IsStuck = true;
        var first = Session.SendAsync("first", default).AsTask();
        var second = Session.SendAsync("second", default).AsTask();
        await Task.Yield();
        while (!first.IsCompleted || !second.IsCompleted)
        {
            _test.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        Assert.Contains("may still be run", (await Assert.ThrowsAsync<NotAcceptedException>(() => first)).Message);
        Assert.Contains("was not sent", (await Assert.ThrowsAsync<NotAcceptedException>(() => second)).Message);
        await _test.SayAsync("still read\r\n");
        Assert.Equal(["still read"], _test.Texts);

        _test.Engine.Terminal.IsStuck = false;
        _test.Engine.Terminal.Unstick();
        await Session.SendAsync("third", default);
        Assert.Equal(["first\n", "third\n"], _test.Engine.Terminal.Typed);
    }

    [Fact]
    public async Task SendAsync_AfterTheCut_IsNotAttached()
    {
        await Session.AttachAsync("game", default);
        await _test.Engine.Terminal.DisposeAsync();

        await Assert.ThrowsAsync<NotAttachedException>(() => Session.SendAsync("x", default).AsTask());
    }

    [Fact]
    public void WriteWings_ManyLines_IsARecordForEach()
    {
        Session.WriteWings("one\ntwo\r\n");
        Session.WriteWings("lost", ConsoleFlags.Gap);

        Assert.Equal(3, _test.Records.Count);
        Assert.Equal(ConsoleFlags.Gap, _test.Records[2].Flags);
        Assert.Equal(Encoding.UTF8.GetByteCount("\e[33m[OrleansWings] one\e[0m"), _test.Records[0].Bytes.Length);
    }
}
