using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Tests.Fakes;

internal sealed class NoConsoles : IConsoleFeeds
{
    public IAsyncEnumerable<ConsoleBatch> WatchAsync(ServerId server, ConsoleCursor from, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task<ConsolePage> ReadAsync(ServerId server, ConsoleCursor from, int maxBytes, CancellationToken cancellationToken)
        => throw new NotSupportedException();
}
