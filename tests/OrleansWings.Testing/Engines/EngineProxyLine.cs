using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansWings.Testing.Engines;

/// <summary>One connection of a client to an engine, by way of a proxy.</summary>
internal sealed class EngineProxyLine(Socket client, Func<string, EngineFaultRule?> findFault)
{
    private const string Words = """{"message":"the engine has a headache."}""";
    private const string Page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(100);
    private static readonly string[] s_methods = ["GET ", "POST ", "DELETE ", "PUT ", "HEAD "];

    private readonly CancellationTokenSource _cut = new();
    private volatile bool _isSwallowed;
    private volatile bool _isCutShort;

    /// <summary>The first line of the last request.</summary>
    public string Request { get; private set; } = "";

    public void Cut() => _cut.Cancel();

    public async Task PassAsync(EndPoint address, CancellationToken cancellationToken)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        using (client)
        {
            try
            {
                await engine.ConnectAsync(address, ending.Token);
                await Task.WhenAll(CopyRequestsAsync(engine, ending), CopyAnswersAsync(engine, ending));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side went: the other is closed with it.
            }
        }
    }

    private async Task CopyRequestsAsync(Socket engine, CancellationTokenSource ending)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await client.ReceiveAsync(buffer, ending.Token) is > 0 and var count)
            {
                // A request's head is written at once, so its first line begins what was received.
                if (FirstLine(buffer.AsSpan(0, count)) is { } request)
                {
                    Request = request;
                    if (findFault(request) is { } rule && !await MeetAsync(rule, ending.Token))
                        return;
                }

                await engine.SendAsync(buffer.AsMemory(0, count), ending.Token);
            }

        }
        finally
        {
            // Who hangs up is gone: none of the clients here says its last word and listens on.
            await ending.CancelAsync();
        }
    }

    // False when the engine must not see the request, and everything is over.
    private async Task<bool> MeetAsync(EngineFaultRule rule, CancellationToken cancellationToken)
    {
        switch (rule.Fault)
        {
            case EngineFault.Hold when await rule.WaitAsync(cancellationToken):
                return true;
            case EngineFault.Delay:
                await Task.Delay(s_delay, cancellationToken);
                return true;
            case EngineFault.Swallow:
                _isSwallowed = true;
                return true;
            case EngineFault.CutBody:
                _isCutShort = true;
                return true;
            case EngineFault.Refuse:
                await AnswerAsync("500 Internal Server Error\r\nContent-Type: application/json", Words, cancellationToken);
                break;
            case EngineFault.Garbage:
                await AnswerAsync("502 Bad Gateway\r\nContent-Type: text/html", Page, cancellationToken);
                break;
            case EngineFault.Silence:
                await DrainAsync(client, cancellationToken);
                break;
        }

        await _cut.CancelAsync();
        return false;
    }

    private async Task AnswerAsync(string head, string body, CancellationToken cancellationToken)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), cancellationToken);
        // Closed with something unread, the client would be told of a broken line and not of the answer.
        await DrainAsync(client, cancellationToken);
    }

    private async Task CopyAnswersAsync(Socket engine, CancellationTokenSource ending)
    {
        var buffer = new byte[64 * 1024];
        var isHeadThrough = false;
        while (await engine.ReceiveAsync(buffer, ending.Token) is > 0 and var count)
        {
            if (_isSwallowed)
                continue;
            if (_isCutShort)
            {
                var passed = Half(buffer.AsSpan(0, count), ref isHeadThrough);
                await client.SendAsync(buffer.AsMemory(0, passed), ending.Token);
                if (passed == count)
                    continue;
                await ending.CancelAsync();
                return;
            }

            await client.SendAsync(buffer.AsMemory(0, count), ending.Token);
        }

        if (_isSwallowed)
            await DrainAsync(client, ending.Token);
        client.Shutdown(SocketShutdown.Send);
    }

    // A head passes whole when a body follows it, and half of what is first seen of that.
    private static int Half(ReadOnlySpan<byte> bytes, ref bool isHeadThrough)
    {
        if (isHeadThrough)
            return bytes.Length / 2;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        var head = Encoding.ASCII.GetString(bytes[..Math.Max(end, 0)]);
        var hasBody = head.Contains("Content-Length:", StringComparison.OrdinalIgnoreCase) ? !head.Contains("Content-Length: 0", StringComparison.OrdinalIgnoreCase)
            : head.Contains("chunked", StringComparison.OrdinalIgnoreCase) || head.Contains("Upgrade", StringComparison.OrdinalIgnoreCase) || head.Contains("stream", StringComparison.OrdinalIgnoreCase);
        if (end < 0 || !hasBody)
            return bytes.Length / 2;
        isHeadThrough = true;
        return end + 4 + (bytes.Length - end - 4) / 2;
    }

    private static async Task DrainAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    private static string? FirstLine(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes[..Math.Min(bytes.Length, 1024)]).Split('\r', 2)[0];
        return s_methods.Any(method => text.StartsWith(method, StringComparison.Ordinal)) && text.EndsWith(" HTTP/1.1", StringComparison.Ordinal) ? text : null;
    }
}
