using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansWings.Silo.Tests.Certificates;

/// <summary>Keeps what a whole program logged, after its filters.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Message)> _entries = new();

    public IReadOnlyList<(string Category, LogLevel Level, string Message)> Entries => [.. _entries];

    public IReadOnlyList<string> Refusals => [.. Entries.Where(entry => entry.Category.EndsWith("TlsConnection", StringComparison.Ordinal)).Select(entry => entry.Message)];

    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class CategoryLogger(LogRecorder recorder, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => recorder._entries.Enqueue((category, logLevel, formatter(state, exception)));
    }
}
