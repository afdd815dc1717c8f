using Microsoft.Extensions.Logging;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Consoles;

public sealed partial class ConsoleSession
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The terminal of server {Server} was cut")]
    private partial void LogTerminalCut(ServerId server, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The terminal of server {Server} ended before record {Head}")]
    private partial void LogDetached(ServerId server, ConsolePosition head);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The console of server {Server} goes on at {Head} after {Pieces} pieces of the engine's log; seamless: {IsSeamless}")]
    private partial void LogJoined(ServerId server, ConsolePosition head, int pieces, bool isSeamless);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The console of server {Server} has a gap: {Words}")]
    private partial void LogGap(ServerId server, string words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine's log of server {Server} cannot be read")]
    private partial void LogEngineLogFailed(ServerId server, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The game of server {Server} has not read a command for {Timeout}")]
    private partial void LogNotAccepted(ServerId server, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener to the console of server {Server} failed")]
    private partial void LogListenerFailed(ServerId server, Exception exception);
}
