using Microsoft.Extensions.Logging;

namespace OrleansWings.Silo.Hosting;

/// <summary>
/// A silo that the others declared dead ends its process at once, so that no call is answered by two. Orleans would abort
/// with a core dump; here it is an exit code, and a supervisor starts the program anew. Containers go on.
/// </summary>
internal sealed partial class DeathNotice(WingsSiloOptions options, ClusterGate gate, ILogger<DeathNotice> logger) : IFatalErrorHandler
{
    /// <summary>Tells a supervisor, and people, that the cluster went on without this process.</summary>
    public const int ExitCode = 75;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public bool IsUnexpected(Exception exception) => exception is not (OperationCanceledException or ObjectDisposedException);

    public void OnFatalException(object? sender, string? context, Exception? exception) => End($"{context} {exception?.Message}");

    /// <summary>Ends the process.</summary>
    /// <param name="why">For the log.</param>
    public void End(string why)
    {
        if (!gate.Joined.IsCompleted && options.Fleet?.Certificates?.WhyAlone is { } stranger)
            LogStranger(logger, stranger);
        LogDead(logger, why);
        // Whatever would still run at exit may hang on the cluster that has just left us.
        _ = Task.Delay(s_patience).ContinueWith(_ => Environment.FailFast("The end of the process hangs."), TaskScheduler.Default);
        Environment.Exit(ExitCode);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The cluster could not be joined. {Why}")]
    private static partial void LogStranger(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The cluster goes on without this process, which ends to be started anew. Game servers go on. {Why}")]
    private static partial void LogDead(ILogger logger, string why);
}
