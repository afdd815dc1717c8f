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
    public void Save_OfWhatAnotherWrote_KeepsTheOthersUsers()
    {
        var (here, there) = (Open(), Open());
        here.Add(User("kim"));
        there.Add(User("lee"));

        var kim = here.Users.Single(user => user.Name == "kim");
        kim.FailedTries = 3;
        here.Save(kim);

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
    public void Users_NothingChanged_AreTheSameObjects()
    {
        var users = Open(maxAge: true);
        users.Add(User("kim"));

        Assert.Same(users.Users.Single(), users.Users.Single());
    }

    private UserFile Open(bool maxAge = false) => UserFile.Shared(_store, maxAge ? TimeProvider.System : new RunningClock());

    private static WingsUser User(string name) => new() { Name = name, NormalizedName = name.ToUpperInvariant(), PasswordHash = "hash" };

    // Two seconds pass between any two looks at it, so that everything read is old.
    private sealed class RunningClock : TimeProvider
    {
        private long _ticks;

        public override long GetTimestamp() => _ticks += 2 * TimestampFrequency;
    }

    private sealed class SharedDocument : IUserDocument
    {
        private byte[]? _content;

        public bool IsAway { get; set; }

        public Action? BeforeNextWrite { get; set; }

        public string Name => "the test's";

        public bool IsShared => true;

        public byte[]? Read() => IsAway ? throw new IOException("away") : _content;

        public bool Write(byte[] content, byte[]? before)
        {
            if (IsAway)
                throw new IOException("away");
            (var interrupt, BeforeNextWrite) = (BeforeNextWrite, null);
            interrupt?.Invoke();
            if (!(_content ?? []).AsSpan().SequenceEqual(before ?? []))
                return false;
            _content = content;
            return true;
        }
    }
}
