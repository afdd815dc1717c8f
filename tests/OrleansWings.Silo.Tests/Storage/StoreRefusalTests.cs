using Microsoft.Data.Sqlite;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Tests.Storage;

/// <summary>"Nothing was done" is said only where nothing was: a store that stalls may still do what it was sent.</summary>
public sealed class StoreRefusalTests
{
    [Theory]
    [InlineData("StackExchange.Redis.RedisTimeoutException: Timeout awaiting response (outbound=0KiB, inbound=0KiB, 2000ms elapsed)")]
    [InlineData("StackExchange.Redis.RedisConnectionException: SocketClosed (ReadEndOfStream, last-recv: 0) on 10.0.0.1:6379/Interactive")]
    [InlineData("StackExchange.Redis.RedisServerException: LOADING")]
    public void Redis_MayHaveGotIt_IsUnknown(string said)
        => Assert.Equal(ServerRefusal.OutcomeUnknown, StoreRefusal.Of(new InvalidOperationException($"Failed to write grain state. {said}")).Refusal);

    [Theory]
    [InlineData("RedisTimeoutException: The timeout was reached before the message could be written to the output buffer, and it was not sent, command=EVAL")]
    [InlineData("RedisConnectionException: The message timed out in the backlog attempting to send because no connection became available (2000ms)")]
    [InlineData("RedisConnectionException: No connection is active/available to service this operation: EVAL")]
    public void Redis_WasNotSentIt_IsNotStored(string said)
    {
        var answer = StoreRefusal.Of(new InvalidOperationException($"Failed to write grain state. StackExchange.Redis.{said}"));

        Assert.Equal(ServerRefusal.NotStored, answer.Refusal);
        Assert.Equal("Nothing was done: it could not be stored. The cluster's store does not answer.", answer.Message);
    }

    [Theory]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'. script: 1, on @user_script:1.", "The cluster's store is full: its memory limit (maxmemory) is reached.")]
    [InlineData("ERR Error running script (call to f_1): @user_script:1: READONLY You can't write against a read only replica.", "The cluster's store is a copy that can only be read.")]
    [InlineData("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.", "The cluster's store cannot write to its disk, and takes nothing until it can.")]
    public void Redis_AnswersThatItTakesNothing_IsNotStoredInWords(string said, string words)
    {
        var answer = StoreRefusal.Of(new InvalidOperationException($"Failed to write grain state. StackExchange.Redis.RedisServerException: {said}"));

        Assert.Equal((ServerRefusal.NotStored, $"Nothing was done: it could not be stored. {words}"), (answer.Refusal, answer.Message));
    }

    [Fact]
    public void NoAnswerInTime_IsUnknown() => Assert.Equal(ServerRefusal.OutcomeUnknown, StoreRefusal.Of(new TimeoutException("late")).Refusal);

    [Fact]
    public void DiskIsFull_IsNotStoredInWords()
    {
        var answer = StoreRefusal.Of(new InvalidOperationException("failed\nat Somewhere", new SqliteException("database or disk is full", SQLitePCL.raw.SQLITE_FULL)));

        Assert.Equal((ServerRefusal.NotStored, "Nothing was done: it could not be stored. The disk is full."), (answer.Refusal, answer.Message));
    }
}
