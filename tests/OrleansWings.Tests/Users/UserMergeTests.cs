using OrleansWings.Users;

namespace OrleansWings.Tests.Users;

public sealed class UserMergeTests
{
    private static readonly DateTimeOffset s_soon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    // What was read, what is stored by now, what the writer made of it, what is written.
    [Theory]
    [InlineData(0, 0, 1, 1)]
    [InlineData(0, 1, 1, 2)]
    [InlineData(2, 4, 3, 5)]
    [InlineData(2, 4, 2, 4)]
    [InlineData(2, 4, 0, 0)]
    [InlineData(2, 0, 3, 1)]
    public void Merge_Tries_AddsWhatTheWriterCounted(int read, int stored, int edited, int expected)
    {
        var copy = User(user => user.FailedTries = read).ToEdit();
        copy.FailedTries = edited;

        var merged = UserMerge.Merge(User(user => user.FailedTries = stored), copy);

        Assert.Equal(expected, merged!.FailedTries);
        Assert.Null(merged.Read);
    }

    [Fact]
    public void Merge_LockThatTheWriterDidNotTouch_Stays()
    {
        var copy = User().ToEdit();
        copy.FailedTries = 1;

        Assert.Equal(s_soon, UserMerge.Merge(User(user => user.LockedUntil = s_soon), copy)!.LockedUntil);
    }

    [Fact]
    public void Merge_LockOfTheWriter_IsWritten()
    {
        var copy = User().ToEdit();
        copy.LockedUntil = s_soon;

        Assert.Equal(s_soon, UserMerge.Merge(User(), copy)!.LockedUntil);
    }

    [Fact]
    public void Merge_NewPassword_EndsTriesAndLockOfTheOldOne()
    {
        var copy = User(user => user.FailedTries = 4).ToEdit();
        (copy.PasswordHash, copy.SecurityStamp, copy.FailedTries) = ("new", "new", 0);

        var merged = UserMerge.Merge(User(user => (user.FailedTries, user.LockedUntil) = (5, s_soon)), copy);

        Assert.Equal(("new", "new", 0, null), (merged!.PasswordHash, merged.SecurityStamp, merged.FailedTries, merged.LockedUntil));
    }

    [Theory]
    [InlineData("new", "stamp", "KIM")]
    [InlineData("hash", "new", "KIM")]
    [InlineData("hash", "stamp", "LEE")]
    public void Merge_CredentialsChangedMeanwhile_IsRefused(string hash, string stamp, string name)
    {
        var copy = User().ToEdit();
        copy.FailedTries = 1;
        var stored = User(user => (user.PasswordHash, user.SecurityStamp, user.NormalizedName) = (hash, stamp, name));

        Assert.Null(UserMerge.Merge(stored, copy));
        Assert.Null(UserMerge.MergeTries(stored, copy));
    }

    [Fact]
    public void Merge_OfOneWhoWasNeverRead_IsRefused() => Assert.Null(UserMerge.Merge(User(), User()));

    [Fact]
    public void MergeTries_OtherChanges_AreLeftOut()
    {
        var copy = User().ToEdit();
        (copy.FailedTries, copy.LockedUntil, copy.SecurityStamp) = (1, s_soon, "new");

        var merged = UserMerge.MergeTries(User(), copy);

        Assert.Equal((1, s_soon, "stamp"), (merged!.FailedTries, merged.LockedUntil, merged.SecurityStamp));
    }

    [Theory]
    [InlineData("tries", true)]
    [InlineData("more tries", false)]
    [InlineData("lock", false)]
    [InlineData("password", false)]
    [InlineData("stamp", false)]
    public void IsReset_OnlyWhenTriesAreForgottenAndNothingElseIsSaid(string change, bool expected)
    {
        var copy = User(user => user.FailedTries = 3).ToEdit();
        copy.FailedTries = change == "more tries" ? 4 : 0;
        if (change == "lock")
            copy.LockedUntil = s_soon;
        if (change == "password")
            copy.PasswordHash = "other";
        if (change == "stamp")
            copy.SecurityStamp = "other";

        Assert.Equal(expected, UserMerge.IsReset(copy));
    }

    private static WingsUser User(Action<WingsUser>? change = null)
    {
        var user = new WingsUser { Id = "1", Name = "kim", NormalizedName = "KIM", PasswordHash = "hash", SecurityStamp = "stamp" };
        change?.Invoke(user);
        return user;
    }
}
