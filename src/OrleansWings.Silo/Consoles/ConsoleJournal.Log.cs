using Microsoft.Extensions.Logging;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

internal sealed partial class ConsoleJournal
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is not part of a console's journal; it is left where it is")]
    private partial void LogAlien(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be read; the console goes on without it")]
    private partial void LogNotRead(string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be deleted")]
    private partial void LogNotDeleted(string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} ended in the middle of a record; {Bytes} bytes were taken off")]
    private partial void LogTorn(string path, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is damaged from record {Sequence} on; its last {Bytes} bytes are left where they are and not shown")]
    private partial void LogCorrupt(string path, long sequence, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The console cannot be written to disk from record {Position} on")]
    private partial void LogNotWritten(ConsolePosition position, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The console still cannot be written to disk")]
    private partial void LogStillNotWritten(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The console is written to disk again from record {Position} on; {Lost} records are lost to history")]
    private partial void LogWrittenAgain(ConsolePosition position, long lost);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The console's records {First} to {Last} could not be written to disk and are lost")]
    private partial void LogLost(long first, long last);
}
