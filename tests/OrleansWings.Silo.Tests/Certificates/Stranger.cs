using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Silo.Tests.Certificates;

/// <summary>Somebody who connects to a port without being Orleans.</summary>
internal static class Stranger
{
    /// <summary>
    /// Whether a connection is kept open for somebody with a certificate. With TLS 1.3 the client's side of the handshake is
    /// done before the server has judged it, so what counts is whether the connection lives on.
    /// </summary>
    public static async Task<bool> IsLetInAsync(IPEndPoint port, X509Certificate2? certificate, SslProtocols protocols = SslProtocols.Tls13)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "",
                ClientCertificates = certificate is null ? null : [certificate],
                EnabledSslProtocols = protocols,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }, TestContext.Current.CancellationToken);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            wait.CancelAfter(TimeSpan.FromSeconds(2));
            return await stream.ReadAsync(new byte[1], wait.Token) != 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }

    /// <summary>When the certificate ends that is shown at a port.</summary>
    public static async Task<DateTime> ReadExpiryAsync(IPEndPoint port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "",
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }, TestContext.Current.CancellationToken);
        return ((X509Certificate2)stream.RemoteCertificate!).NotAfter.ToUniversalTime();
    }

    /// <summary>Whether the connection is closed after some bytes were sent.</summary>
    public static async Task<bool> IsClosedAsync(IPEndPoint port, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
        return await IsClosedAsync(client);
    }

    public static async Task<bool> IsClosedAsync(TcpClient client)
    {
        try
        {
            var buffer = new byte[1_024];
            while (await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken) != 0)
            {
                // An alert of TLS may come first.
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
