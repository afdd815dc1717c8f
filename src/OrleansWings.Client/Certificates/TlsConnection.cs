using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace OrleansWings.Certificates;

/// <summary>
/// Lets a connection go on only when both ends have shown who they are. Every byte after that is encrypted; nothing of a
/// refused connection reaches Orleans.
/// </summary>
internal sealed class TlsConnection(FleetCertificates certificates, PeerPurpose purpose, RefusalLog refusals, Func<EndPoint?, IReadOnlyCollection<FleetIdentity>?> expected)
{
    /// <summary>Who connects and then says nothing is cut off after this.</summary>
    internal static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    // Both ends are .NET of today: nothing needs 1.2, and 1.3 also hides the certificates from whoever listens.
    private const SslProtocols Protocols = SslProtocols.Tls13;

    // A TLS record's: smaller ones would split each record over several reads.
    private const int RecordSize = 16 * 1024;

    private bool IsServer => purpose is PeerPurpose.SiloInbound or PeerPurpose.GatewayInbound;

    public async Task RunAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var transport = context.Transport;
        await using var stream = new SslStream(new TransportStream(transport), leaveInnerStreamOpen: false);
        if (await ShakeHandsAsync(context, stream) is { } refusal)
        {
            refusals.Refused(purpose, AddressOf(context.RemoteEndPoint), refusal);
            if (!IsServer)
                certificates.OnRefused(AddressOf(context.RemoteEndPoint), refusal);
            context.Abort();
            return;
        }

        certificates.OnTrusted();
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: RecordSize, minimumReadSize: RecordSize / 4, leaveOpen: true));
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: RecordSize, leaveOpen: true));
        context.Transport = new Pipes(input, output);
        try
        {
            await next(context);
        }
        finally
        {
            // The connection closes the pipes it came with.
            context.Transport = transport;
            await input.CompleteAsync();
            await CompleteAsync(output);
        }
    }

    private async Task<string?> ShakeHandsAsync(ConnectionContext context, SslStream stream)
    {
        // One reading for the whole handshake: files may be replaced at any moment.
        var bundle = certificates.Current;
        string? refusal = null;
        using var limit = new CancellationTokenSource(HandshakeLimit, certificates.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.ConnectionClosed);
        try
        {
            if (IsServer)
                await stream.AuthenticateAsServerAsync(ServerOptions(bundle, Accept), either.Token);
            else
                await stream.AuthenticateAsClientAsync(ClientOptions(bundle, Accept), either.Token);
            return stream.IsMutuallyAuthenticated ? null : "it did not show who it is";
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return $"it did not say who it is within {HandshakeLimit.TotalSeconds:0} s";
        }
        catch (Exception e)
        {
            // Whatever goes wrong before the other end is known is a refusal, and never a connection.
            return refusal ?? e switch
            {
                AuthenticationException => "it does not speak TLS 1.3 as this fleet does, or refused us",
                IOException or OperationCanceledException or ObjectDisposedException => "it hung up before it said who it is",
                _ => $"the handshake failed ({e.GetType().Name})",
            };
        }

        bool Accept(object sender, X509Certificate? peer, X509Chain? chain, SslPolicyErrors errors)
        {
            // What SslStream thinks of it (errors) does not count: it compares a DNS name, and ours are no DNS names.
            var verdict = PeerRules.Check(peer as X509Certificate2, bundle.Authorities, purpose, certificates.Time.GetUtcNow(), expected(context.RemoteEndPoint));
            refusal = verdict.Refusal;
            return verdict.IsAccepted;
        }
    }

    private SslServerAuthenticationOptions ServerOptions(CertificateBundle bundle, RemoteCertificateValidationCallback accept) => new()
    {
        ServerCertificateContext = bundle.Context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = Protocols,
        CertificateChainPolicy = PeerRules.PolicyFor(bundle.Authorities, certificates.Time.GetUtcNow()),
        RemoteCertificateValidationCallback = accept,
        // A resumed session would not be asked for a certificate again.
        AllowTlsResume = false,
    };

    private SslClientAuthenticationOptions ClientOptions(CertificateBundle bundle, RemoteCertificateValidationCallback accept) => new()
    {
        // Required, and not sent as a name: an empty one asks for none.
        TargetHost = "",
        ClientCertificateContext = bundle.Context,
        EnabledSslProtocols = Protocols,
        CertificateChainPolicy = PeerRules.PolicyFor(bundle.Authorities, certificates.Time.GetUtcNow()),
        RemoteCertificateValidationCallback = accept,
        AllowTlsResume = false,
    };

    // Whoever connects has a new port each time; whom we connect to keeps it.
    private string AddressOf(EndPoint? remote) => remote switch
    {
        IPEndPoint ip when IsServer => ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4().ToString() : ip.Address.ToString(),
        null => "an unknown address",
        _ => remote.ToString()!,
    };

    // Completing flushes what is left, which fails when the other end is gone: nobody waits for it then.
    private static async Task CompleteAsync(PipeWriter output)
    {
        try
        {
            await output.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException or ConnectionAbortedException)
        {
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
