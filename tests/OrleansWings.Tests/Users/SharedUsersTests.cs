using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Users;

namespace OrleansWings.Tests.Users;

/// <summary>Users that several control silos write: nobody's write takes another's away, and a store that is away makes nobody.</summary>
public sealed class SharedUsersTests
{
    private readonly SharedDocument _store = new();

    [Fact]
    public void Users_StoreNeverAnswered_AreNotKnownToBeNone()
    {
        _store.IsAway = true;
        var users = Open();

        Assert.Empty(users.Users);
        Assert.False(users.IsKnown);

        _store.IsAway = false;
        Assert.Empty(users.Users);
        Assert.True(users.IsKnown);
    }

    [Fact]
    public void Users_StoreGoesAway_StayKnown()
    {
        var users = Open();
        users.Add(User("kim"));
        _store.IsAway = true;

        Assert.Equal("kim", Assert.Single(users.Users).Name);
        Assert.Throws<IOException>(() => users.Add(User("lee")));
        Assert.Equal("kim", Assert.Single(users.Users).Name);
    }

    [Fact]
    public void Save_StoreIsAway_CountsTriesAndLocksInMemoryAndNothingElse()
    {
        var users = Open();
        users.Add(User("kim"));
        _store.IsAway = true;

        var kim = users.Users.Single().ToEdit();
        (kim.FailedTries, kim.SecurityStamp) = (1, "not stored");
        Assert.Throws<IOException>(() => users.Save(kim));
        Assert.Equal((1, "stamp"), (users.Users.Single().FailedTries, users.Users.Single().SecurityStamp));

        _store.IsAway = false;
        kim = users.Users.Single().ToEdit();
        kim.FailedTries++;
        Assert.True(users.Save(kim));
        Assert.Equal(2, Open().Users.Single().FailedTries);
    }

    [Fact]
    public void Save_OfWhatAnotherWrote_KeepsTheOthersUsers()
    {
        var (here, there) = (Open(), Open());
        here.Add(User("kim"));
        there.Add(User("lee"));

        var kim = here.Users.Single(user => user.Name == "kim").ToEdit();
        kim.FailedTries = 3;
        Assert.True(here.Save(kim));

        Assert.Equal([("kim", 3), ("lee", 0)], Open().Users.Select(user => (user.Name!, user.FailedTries)).Order());
    }

    [Fact]
    public void Add_SameNameAtBothSides_IsRefusedForTheSecond()
    {
        var (here, there) = (Open(), Open());
        Assert.Empty(there.Users);
        here.Add(User("admin"));

        Assert.Contains("'admin'", Assert.Throws<IOException>(() => there.Add(User("admin"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AnotherWritesInBetween_IsTriedAgain()
    {
        var (here, there) = (Open(), Open());
        _store.BeforeNextWrite = () => there.Add(User("lee"));
        here.Add(User("kim"));

        Assert.Equal(["kim", "lee"], Open().Users.Select(user => user.Name).Order());
    }

    [Fact]
    public void Save_TriesAtBothSides_AreAddedUp()
    {
        var (here, there) = (Open(), Open());
        here.Add(User("kim"));
        var (one, other) = (here.Users.Single().ToEdit(), there.Users.Single().ToEdit());
        one.FailedTries++;
        other.FailedTries++;

        Assert.True(here.Save(one));
        Assert.True(there.Save(other));
        Assert.Equal(2, Open().Users.Single().FailedTries);
        Assert.Equal(2, other.FailedTries);
    }

    [Fact]
    public void Save_OfACopyMadeBeforeTheStampChanged_IsRefused()
    {
        var (here, there) = (Open(), Open());
        here.Add(User("kim"));
        var old = there.Users.Single().ToEdit();
        var signedOut = here.Users.Single().ToEdit();
        signedOut.SecurityStamp = "after the sign-out";
        Assert.True(here.Save(signedOut));

        old.FailedTries++;
        Assert.False(there.Save(old));
        Assert.Equal(("after the sign-out", 0), (Open().Users.Single().SecurityStamp!, Open().Users.Single().FailedTries));
    }

    [Fact]
    public void Save_Twice_GoesOnFromWhatWasStored()
    {
        var users = Open();
        users.Add(User("kim"));
        var kim = users.Users.Single().ToEdit();
        kim.SecurityStamp = "second";
        Assert.True(users.Save(kim));
        kim.FailedTries = 1;
        Assert.True(users.Save(kim));

        Assert.Equal(("second", 1), (Open().Users.Single().SecurityStamp!, Open().Users.Single().FailedTries));
    }

    [Fact]
    public void Save_OfSomebodyWhoIsGone_IsRefused()
    {
        var users = Open();
        users.Add(User("kim"));
        var kim = users.Users.Single().ToEdit();
        users.Remove(kim);

        Assert.False(users.Save(kim));
        Assert.Empty(Open().Users);
    }

    private UserFile Open() => UserFile.Shared(_store, new RunningClock(), NullLogger<UserFile>.Instance);

    private static WingsUser User(string name) => new() { Name = name, NormalizedName = name.ToUpperInvariant(), PasswordHash = "hash", SecurityStamp = "stamp" };
}
