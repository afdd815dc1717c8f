using System.Text;
using Docker.DotNet;
using Docker.DotNet.LegacyHttp;
using Docker.DotNet.Unix;

namespace OrleansWings.Containers.Engines;

/// <summary>A Docker engine behind a socket or an address.</summary>
/// <remarks>
/// Every call opens a connection of its own, so nothing is left to repair when the engine comes back. The protocol's version is left to
/// the engine: no single one is understood by both the oldest and the newest.
/// </remarks>
public sealed partial class DockerContainerEngine : IContainerEngine
{
    // sockaddr_un holds 108 bytes with the closing zero.
    private const int LongestSocketPath = 107;

    private readonly DockerClient _client;
    private readonly EngineCalls _calls;
    private readonly EngineTimeouts _timeouts;
    private readonly TimeProvider _time;
    private bool _isDisposed;

    /// <param name="address">unix:///path/docker.sock, tcp://host:port or http://host:port.</param>
    /// <param name="timeouts">How long calls may take; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public DockerContainerEngine(Uri address, EngineTimeouts? timeouts = null, TimeProvider? time = null)
    {
        _timeouts = timeouts ?? new EngineTimeouts();
        _time = time ?? TimeProvider.System;
        _calls = new EngineCalls(address, _time);
        _client = CreateClient(address);
    }

    public event Action<EngineWarning>? Warned;

    public async Task<EngineFacts> GetFactsAsync(CancellationToken cancellationToken)
    {
        var client = Client;
        var info = await _calls.RunAsync(_timeouts.Call, client.System.GetSystemInfoAsync, cancellationToken).ConfigureAwait(false);
        var version = await _calls.RunAsync(_timeouts.Call, client.System.GetVersionAsync, cancellationToken).ConfigureAwait(false);
        return new EngineFacts
        {
            Version = info.ServerVersion,
            ApiVersion = version.APIVersion,
            OperatingSystem = info.OperatingSystem,
            Cores = (int)info.NCPU,
            MemoryBytes = info.MemTotal,
            CgroupVersion = string.IsNullOrEmpty(info.CgroupVersion) ? "1" : info.CgroupVersion,
            CgroupDriver = info.CgroupDriver,
            HasSwapLimit = info.SwapLimit,
            HasMemoryLimit = info.MemoryLimit,
            HasCpuLimit = info.CPUCfsQuota,
            HasCpuSet = info.CPUSet,
            HasProcessLimit = info.PidsLimit,
            RemappedRoot = RemappedUsers.Read(info.SecurityOptions, info.DockerRootDir),
            Id = $"{info.ID} {info.DockerRootDir}",
        };
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private DockerClient Client
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _client;
        }
    }

    private static DockerClient CreateClient(Uri address)
    {
        var builder = new DockerClientBuilder().WithEndpoint(address).WithTimeout(Timeout.InfiniteTimeSpan); // EngineCalls keeps the time

        // A proxy from the environment is for the way out, never for the engine.
        switch (address.Scheme)
        {
            case "unix" when Encoding.UTF8.GetByteCount(address.LocalPath) > LongestSocketPath:
                throw new ArgumentException($"The socket's path is longer than the {LongestSocketPath} bytes a unix socket can have: {address.LocalPath}", nameof(address));
            case "unix":
                return builder.WithTransportOptions(new UnixSocketTransportOptions { ConfigureHandler = handler => handler.UseProxy = false }).Build();
            case "tcp" or "http":
                // Not the library's newer transport: it shares ten connections, and every attached console keeps one.
                return builder.WithTransportOptions(new LegacyHttpTransportOptions { ConfigureHandler = handler => handler.UseProxy = false }).Build();
            default:
                throw new ArgumentException($"An engine's address begins with unix://, tcp:// or http://, not {address.Scheme}://.", nameof(address));
        }
    }
}
