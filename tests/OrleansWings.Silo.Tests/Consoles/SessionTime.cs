using Microsoft.Extensions.Time.Testing;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>A clock that stands, and knows whether somebody waits for its next second.</summary>
internal sealed class SessionTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private int _waiting;

    public bool IsSecondAwaited => Volatile.Read(ref _waiting) > 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime != s_second)
            return timer;
        Interlocked.Increment(ref _waiting);
        return new SecondTimer(this, timer);
    }

    private sealed class SecondTimer(SessionTime owner, ITimer timer) : ITimer
    {
        private int _isOver;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                Interlocked.Decrement(ref owner._waiting);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
