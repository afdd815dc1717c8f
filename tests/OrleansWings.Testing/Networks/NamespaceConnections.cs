using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansWings.Testing.Networks;

/// <summary>Lets an Orleans client of this process call out of a network namespace, as panel code on a machine of its own does.</summary>
public sealed class NamespaceConnections(string file) : IConnectionFactory
{
    /// <summary>Replaces the client's own way to gateways.</summary>
    public static void Use(IServiceCollection services, string file)
    {
        var own = services.Last(service => service.ServiceType == typeof(IConnectionFactory) && service.IsKeyedService);
        services.Remove(own);
        services.AddKeyedSingleton<IConnectionFactory>(own.ServiceKey, new NamespaceConnections(file));
    }

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        => new Connection(await NamespaceSocket.ConnectAsync(file, (IPEndPoint)endpoint, cancellationToken), endpoint);

    private sealed class Connection : DefaultConnectionContext
    {
        private readonly Socket _socket;

        public Connection(Socket socket, EndPoint remote)
            : base(Guid.NewGuid().ToString("N"))
        {
            var stream = new NetworkStream(socket);
            (_socket, RemoteEndPoint, LocalEndPoint) = (socket, remote, socket.LocalEndPoint);
            Transport = new Pipes(PipeReader.Create(stream), PipeWriter.Create(stream));
        }

        public override void Abort(ConnectionAbortedException abortReason)
        {
            base.Abort(abortReason);
            _socket.Dispose();
        }

        public override async ValueTask DisposeAsync()
        {
            _socket.Dispose();
            await base.DisposeAsync();
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
