using Microsoft.Extensions.Logging;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

public sealed partial class PowerWorker
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Server {Server}: {Before} -> {After} (run {Run})")]
    private static partial void LogPower(ILogger logger, ServerId server, PowerState before, PowerState after, int run);

    [LoggerMessage(Level = LogLevel.Error, Message = "Server {Server}: an input could not be handled")]
    private static partial void LogFault(ILogger logger, ServerId server, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Server {Server}: a step ended in a way that nobody foresaw")]
    private static partial void LogWorkFault(ILogger logger, ServerId server, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Server {Server}: its state could not be written down")]
    private static partial void LogNotSaved(ILogger logger, ServerId server, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: {Step} failed and is tried again: {Reason}")]
    private static partial void LogRetry(ILogger logger, ServerId server, string step, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Server {Server}: the start of run {Run} ended: {Reason}")]
    private static partial void LogStartEnded(ILogger logger, ServerId server, int run, string reason);
}
