using System.Collections.Concurrent;

namespace OrleansWings.Testing.Clusters;

/// <summary>
/// Notes that a silo learned it was declared dead. By itself Orleans ends the process then, which is right where a silo is a
/// process; here many silos share the tests' own.
/// </summary>
public sealed class SiloDeaths : IFatalErrorHandler
{
    private readonly ConcurrentQueue<string> _deaths = new();

    /// <summary>What each silo said at its death, in order.</summary>
    public IReadOnlyCollection<string> All => _deaths;

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => exception is not (OperationCanceledException or ObjectDisposedException);

    /// <inheritdoc/>
    public void OnFatalException(object? sender, string? context, Exception? exception) => _deaths.Enqueue($"{sender}: {context} {exception}");
}
