namespace OrleansWings.Tests.Users;

/// <summary>Ten seconds pass between any two looks at it, so that everything read is old.</summary>
internal sealed class RunningClock : TimeProvider
{
    private long _ticks;

    public override long GetTimestamp() => _ticks += 10 * TimestampFrequency;
}
