namespace OrleansWings.Silo.Servers;

/// <summary>
/// Lets starts through a few at a time, by priority and then in the order of asking: a machine that comes up with a hundred
/// servers would else start them all at once, and each would take minutes. Until it is opened nobody passes: a host that
/// comes back may hold servers that were given to another meanwhile.
/// </summary>
public sealed class StartGate
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Turn, (int, long)> _waiting = new();
    private int _free;
    private long _next;
    private bool _isOpen;

    /// <param name="atOnce">How many may be on their way at once; at least 1.</param>
    /// <param name="isOpen">Whether it is open from the beginning.</param>
    public StartGate(int atOnce, bool isOpen = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        (_free, _isOpen) = (atOnce, isOpen);
    }

    /// <summary>As many as have a core each, and two that wait for the disk.</summary>
    public static int DefaultAtOnce => Environment.ProcessorCount + 2;

    /// <summary>Lets those through who wait. More than once is once.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _isOpen = true;
            Admit();
        }
    }

    /// <summary>Waits for a turn; disposing what it gives ends the turn.</summary>
    /// <param name="priority">Higher goes first.</param>
    /// <param name="onWaiting">Told once when there is a wait, with how many are ahead.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    public async Task<IDisposable> EnterAsync(int priority, Action<int> onWaiting, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new Turn(this);
        int ahead;
        lock (_lock)
        {
            ahead = _waiting.UnorderedItems.Count(other => other.Priority.Item1 <= -priority && !other.Element.IsGivenUp);
            _waiting.Enqueue(turn, (-priority, _next++));
            Admit();
        }

        if (!turn.Admitted.Task.IsCompleted)
            onWaiting(ahead);
        await using var _ = cancellationToken.Register(() => GiveUp(turn)).ConfigureAwait(false);
        await turn.Admitted.Task.ConfigureAwait(false);
        return turn;
    }

    private void Admit()
    {
        while (_isOpen && _free > 0 && _waiting.TryDequeue(out var turn, out _))
        {
            if (turn.Admitted.TrySetResult())
                _free--;
        }
    }

    private void GiveUp(Turn turn) => turn.Admitted.TrySetCanceled();

    private void Leave()
    {
        lock (_lock)
        {
            _free++;
            Admit();
        }
    }

    private sealed class Turn(StartGate gate) : IDisposable
    {
        private int _hasLeft;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsGivenUp => Admitted.Task.IsCanceled;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _hasLeft, 1) == 0)
                gate.Leave();
        }
    }
}
