namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>The system's clock, but what waits by it waits a part as long: the product's own pauses and limits stay what they are.</summary>
internal sealed class HurriedTime(double factor) : TimeProvider
{
    /// <summary>How many times as fast waits are over; of those that begin from now on.</summary>
    public double Factor { get; set; } = factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => new HurriedTimer(this, System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)));

    private TimeSpan Shorten(TimeSpan time) => time > TimeSpan.Zero ? time / Factor : time;

    private sealed class HurriedTimer(HurriedTime owner, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(owner.Shorten(dueTime), owner.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
