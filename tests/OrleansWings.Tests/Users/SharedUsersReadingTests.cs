using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Users;

namespace OrleansWings.Tests.Users;

/// <summary>When a fleet's users are read anew, and that a store which fails holds up nobody and takes nobody away.</summary>
public sealed class SharedUsersReadingTests
{
    private readonly SharedDocument _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _log = new();
    private readonly UserFile _users;

    public SharedUsersReadingTests()
    {
        _users = UserFile.Shared(_store, _time, _log);
        _users.Add(new WingsUser { Name = "kim", NormalizedName = "KIM", PasswordHash = "hash", SecurityStamp = "stamp" });
        _store.Reads = 0;
    }

    [Theory]
    [InlineData(false, 0.9, 0)]
    [InlineData(false, 1.1, 1)]
    [InlineData(true, 1.1, 0)]
    [InlineData(true, 4.9, 0)]
    [InlineData(true, 5.1, 1)]
    public void Users_AskedAgain_AreReadAfterASecondOrAfterAFailureLater(bool hasFailed, double seconds, int reads)
    {
        if (hasFailed)
        {
            _store.IsAway = true;
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.Single(_users.Users);
            Assert.Equal("away", _users.Problem);
            _store.IsAway = false;
            _store.Reads = 0;
        }

        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Single(_users.Users);

        Assert.Equal(reads, _store.Reads);
    }

    [Fact]
    public async Task Users_WhileOneAsksAStoreThatFailed_OthersAreToldWhoIsKnown()
    {
        _store.IsAway = true;
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(_users.Users);
        using var asked = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        _store.OnRead = () =>
        {
            asked.Release();
            goOn.Wait(TestContext.Current.CancellationToken);
        };
        _time.Advance(TimeSpan.FromSeconds(6));

        var one = Task.Run(() => _users.Users, TestContext.Current.CancellationToken);
        await asked.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("kim", Assert.Single(_users.Users).Name);
        Assert.False(one.IsCompleted);

        goOn.Release();
        Assert.Single(await one);
    }

    [Theory]
    [InlineData("{ \"schema\": 2, \"users\": [] }", "a newer version of the program wrote it")]
    [InlineData("nonsense", "not JSON, line 1")]
    public void Users_DocumentIsDamagedAtRunTime_StayKnownAndItIsSaidOnce(string content, string how)
    {
        var good = _store.Content;
        _store.Content = Encoding.UTF8.GetBytes(content);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("kim", Assert.Single(_users.Users).Name);
        }

        Assert.Contains(how, _users.Problem, StringComparison.Ordinal);
        Assert.Contains(how, Assert.Single(_log.Lines), StringComparison.Ordinal);
        var kim = _users.Users.Single().ToEdit();
        kim.SecurityStamp = "another";
        Assert.Throws<DamagedUsersException>(() => _users.Save(kim));
        Assert.Equal(content, Encoding.UTF8.GetString(_store.Content));

        _store.Content = good;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_users.Users);
        Assert.Null(_users.Problem);
        Assert.True(_users.Save(kim));
    }

    private sealed class Recorder : ILogger<UserFile>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add(formatter(state, exception));
    }
}
