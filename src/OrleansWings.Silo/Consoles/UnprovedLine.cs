namespace OrleansWings.Silo.Consoles;

/// <summary>
/// The first line that a terminal gave after a join. What the game had said of it before is in nobody's hands until the line
/// ends and the engine logs it whole.
/// </summary>
/// <param name="container">Whose it is.</param>
/// <param name="before">The end of what is recorded before it.</param>
/// <param name="until">Until when that is complete; null when it is everything since the run's beginning.</param>
/// <param name="attach">Between which times the terminal was attached.</param>
internal sealed class UnprovedLine(
    string container, TerminalBytes before, DateTimeOffset? until, (DateTimeOffset Began, DateTimeOffset Done) attach)
{
    // The engine logs a line this long in pieces, so its beginning can be known before its end.
    private const int LongEnough = 64 * 1024;

    private readonly List<(DateTimeOffset At, byte[] Bytes)> _waiting = [];

    public string Container => container;

    public TerminalBytes Before => before;

    public DateTimeOffset? Until => until;

    public (DateTimeOffset Began, DateTimeOffset Done) Attach => attach;

    /// <summary>All that the terminal gave.</summary>
    public TerminalBytes Fresh { get; } = new();

    /// <summary>Whether some of it was recorded, so that nothing can come before it any more.</summary>
    public bool IsShown { get; private set; }

    public bool IsBeingProved { get; set; }

    /// <summary>Whether the engine's log should tell by now how the line begins.</summary>
    public bool IsDue => Fresh.LastLineEnd > 0 || Fresh.Length >= LongEnough;

    public void Add(DateTimeOffset at, ReadOnlySpan<byte> bytes)
    {
        Fresh.Add(at, bytes);
        _waiting.Add((at, bytes.ToArray()));
    }

    /// <summary>Gives out what is not recorded yet.</summary>
    public IReadOnlyList<(DateTimeOffset At, byte[] Bytes)> Take()
    {
        IsShown |= _waiting.Count > 0;
        var taken = _waiting.ToArray();
        _waiting.Clear();
        return taken;
    }

    /// <summary>The line as the engine has it, once what was missed is known: from its beginning as far as it has come.</summary>
    public byte[] Whole(IEnumerable<ReadOnlyMemory<byte>> missed)
    {
        var end = Fresh.Bytes.IndexOf((byte)'\n') + 1;
        return [.. before.Bytes[before.LastLineEnd..], .. missed.SelectMany(piece => piece.ToArray()), .. Fresh.Bytes[..(end == 0 ? Fresh.Length : end)]];
    }
}
