namespace OrleansWings.Silo.Hosts;

/// <summary>
/// How far a host's clock is from ours, by the times it writes on its messages. A message that was long on its way looks like a clock that
/// is behind: so the one that was fastest of the last few is taken.
/// </summary>
internal sealed class ClockSkew
{
    /// <summary>What nobody has to know of.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private const int Kept = 10;

    private readonly Queue<TimeSpan> _last = new();
    private Guid _incarnation;

    /// <summary>Takes one more message.</summary>
    /// <param name="incarnation">Of the host's program: with another one its clock may be another one.</param>
    /// <param name="sentAt">When it was sent, by the host's clock.</param>
    /// <param name="now">When it came, by ours.</param>
    /// <returns>How far the host's clock is ahead, less than zero when it is behind; zero within <see cref="Tolerance"/>.</returns>
    public TimeSpan Take(Guid incarnation, DateTimeOffset sentAt, DateTimeOffset now)
    {
        if (_incarnation != incarnation)
            _last.Clear();
        _incarnation = incarnation;
        if (_last.Count == Kept)
            _last.Dequeue();
        _last.Enqueue(sentAt - now);
        var ahead = _last.Max();
        // Behind, it could be the way as long as there is but a message or two.
        return ahead > Tolerance || (ahead < -Tolerance && _last.Count >= 3) ? ahead : TimeSpan.Zero;
    }
}
