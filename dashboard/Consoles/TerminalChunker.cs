using System.Buffers;
using OrleansWings.Consoles;

namespace OrleansWings.Dashboard.Consoles;

/// <summary>One write to a terminal.</summary>
/// <param name="Number">From 1: a repeated write is known by it.</param>
/// <param name="Bytes">At most 64 KiB, but for a single longer line.</param>
/// <param name="Last">The last record in it.</param>
/// <param name="FirstShown">The oldest record that the terminal still shows afterwards.</param>
public sealed record TerminalChunk(long Number, byte[] Bytes, ConsolePosition Last, ConsolePosition FirstShown);

/// <summary>Takes a viewer's backlog and makes writes of it. Not safe for two threads.</summary>
public sealed class TerminalChunker(TerminalFeed feed, int scrollback)
{
    /// <summary>The size of a write.</summary>
    public const int ChunkSize = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(ChunkSize);
    private readonly Queue<(ConsolePosition First, int Lines)> _shown = [];
    private IEnumerator<ConsoleLine>? _lines;
    private int _shownLines;
    private long _number;

    /// <summary>The next write; null when nothing waits.</summary>
    public TerminalChunk? Next(ConsoleBacklog backlog)
    {
        _buffer.ResetWrittenCount();
        ConsolePosition? first = null;
        var lines = 0;
        while (_buffer.WrittenCount < ChunkSize && (_lines is not null || TakeBatch(backlog)))
        {
            if (!_lines!.MoveNext())
            {
                _lines = null;
                continue;
            }

            var line = _lines.Current;
            // A skip's notice or a separator may already be there; a long line begins a write of its own.
            if (feed.Append(_buffer, line))
            {
                first ??= line.Position;
                lines++;
            }
        }

        if (_buffer.WrittenCount == 0 || feed.Last is not { } last)
            return null;
        Remember(first ?? last, lines);
        return new TerminalChunk(++_number, _buffer.WrittenSpan.ToArray(), last, _shown.Peek().First);
    }

    private bool TakeBatch(ConsoleBacklog backlog)
    {
        if (backlog.TakeSkipped() is { } skipped)
            feed.AppendSkip(_buffer, skipped);
        _lines = backlog.Take()?.Lines().GetEnumerator();
        return _lines is not null;
    }

    private void Remember(ConsolePosition first, int lines)
    {
        _shown.Enqueue((first, lines));
        _shownLines += lines;
        while (_shown.Count > 1 && _shownLines - _shown.Peek().Lines >= scrollback)
            _shownLines -= _shown.Dequeue().Lines;
    }
}
