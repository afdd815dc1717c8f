namespace OrleansWings.Silo.Servers;

/// <summary>
/// Lets starts through a few at a time, by priority and then in the order of asking: a machine that comes up with a hundred
/// servers would else start them all at once, and each would take minutes. Until it is opened nobody passes: a host that
/// comes back may hold servers that were given to another meanwhile.
/// </summary>
public sealed class StartGate
{
    private static readonly TimeSpan s_tellEvery = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Turn, (int, long)> _waiting = new();
    private int _free;
    private long _next;
    private bool _isOpen;

    /// <param name="atOnce">How many may be on their way at once; at least 1.</param>
    /// <param name="isOpen">Whether it is open from the beginning.</param>
    /// <param name="time">Default: the system's.</param>
    public StartGate(int atOnce, bool isOpen = true, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        (_free, _isOpen, _time) = (atOnce, isOpen, time ?? TimeProvider.System);
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
    /// <param name="onWaiting">Told when there is a wait, with how many are ahead, and again every two seconds while that number changes.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    public async Task<IDisposable> EnterAsync(int priority, Action<int> onWaiting, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Turn turn;
        lock (_lock)
        {
            turn = new Turn(this, (-priority, _next++));
            _waiting.Enqueue(turn, turn.Place);
            Admit();
        }

        await using var _ = cancellationToken.Register(() => GiveUp(turn)).ConfigureAwait(false);
        await TellAsync(turn, onWaiting).ConfigureAwait(false);
        await turn.Admitted.Task.ConfigureAwait(false);
        return turn;
    }

    private async Task TellAsync(Turn turn, Action<int> onWaiting)
    {
        using var admitted = new CancellationTokenSource();
        int? told = null;
        while (!turn.Admitted.Task.IsCompleted)
        {
            var ahead = Ahead(turn);
            if (ahead != told)
                onWaiting(ahead);
            told = ahead;
            await Task.WhenAny(turn.Admitted.Task, Task.Delay(s_tellEvery, _time, admitted.Token)).ConfigureAwait(false);
        }

        await admitted.CancelAsync().ConfigureAwait(false);
    }

    private int Ahead(Turn turn)
    {
        lock (_lock)
            return _waiting.UnorderedItems.Count(other => other.Priority.CompareTo(turn.Place) < 0 && !other.Element.IsGivenUp);
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

    private sealed class Turn(StartGate gate, (int, long) place) : IDisposable
    {
        private int _hasLeft;

        /// <summary>By priority, then in the order of asking.</summary>
        public (int, long) Place => place;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsGivenUp => Admitted.Task.IsCanceled;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _hasLeft, 1) == 0)
                gate.Leave();
        }
    }
}
