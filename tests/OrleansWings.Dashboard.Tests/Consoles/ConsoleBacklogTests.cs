using OrleansWings.Consoles;
using OrleansWings.Dashboard.Consoles;
using static OrleansWings.Dashboard.Tests.Consoles.Batches;

namespace OrleansWings.Dashboard.Tests.Consoles;

public sealed class ConsoleBacklogTests
{
    [Fact]
    public void Add_BelowLimits_KeepsAll()
    {
        var backlog = new ConsoleBacklog();
        for (var i = 0; i < 20; i++)
            backlog.Add(Batch(1, 1 + i * 1000, 1000));
        Assert.Null(backlog.TakeSkipped());
        Assert.Equal(ConsoleBacklog.MaxRecords, backlog.Records);
    }

    [Fact]
    public void Add_TooManyRecords_DropsOldestToHalfAndNamesThem()
    {
        var backlog = new ConsoleBacklog();
        for (var i = 0; i < 21; i++)
            backlog.Add(Batch(1, 1 + i * 1000, 1000));
        Assert.Equal(new SkippedRecords(new(1, 1), new(1, 11_000)), backlog.TakeSkipped());
        Assert.Null(backlog.TakeSkipped());
        Assert.Equal(10_000, backlog.Records);
        Assert.Equal(new ConsolePosition(1, 11_001), backlog.Take()!.First);
    }

    [Fact]
    public void Add_TooManyBytes_DropsOldest()
    {
        var backlog = new ConsoleBacklog();
        for (var i = 0; i < 70; i++)
            backlog.Add(Batch(1, 1 + i, 1, size: 64 * 1024));
        Assert.True(backlog.Bytes <= ConsoleBacklog.MaxBytes);
        Assert.Equal(new ConsolePosition(1, 1), backlog.TakeSkipped()!.Value.First);
    }

    [Fact]
    public void Add_TwiceTooMany_SkipsAreOne()
    {
        var backlog = new ConsoleBacklog();
        for (var i = 0; i < 60; i++)
            backlog.Add(Batch(1, 1 + i * 1000, 1000));
        var skipped = backlog.TakeSkipped()!.Value;
        Assert.Equal(1, skipped.First.Sequence);
        Assert.Equal(skipped.Last.Sequence + 1, backlog.Take()!.First.Sequence);
    }

    [Fact]
    public void Add_OneBatchOverTheLimit_IsKept()
    {
        var backlog = new ConsoleBacklog();
        backlog.Add(Batch(1, 1, ConsoleBacklog.MaxRecords + 1));
        Assert.Null(backlog.TakeSkipped());
        Assert.NotNull(backlog.Take());
        Assert.True(backlog.IsEmpty);
    }

    [Fact]
    public void Add_EmptyBatch_AddsNothing()
    {
        var backlog = new ConsoleBacklog();
        backlog.Add(Batch(1, 1, 0));
        Assert.True(backlog.IsEmpty);
    }
}
