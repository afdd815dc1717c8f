using System.Collections.Immutable;
using System.Text.Json;
using OrleansWings.Commands;

namespace OrleansWings.Users;

/// <summary>All users, in one small document.</summary>
internal sealed class UserFile
{
    private const int Schema = 1;
    private const int WriteTries = 5;
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly IUserDocument _document;
    private readonly TimeProvider _time;
    private ImmutableArray<WingsUser> _users = [];
    private byte[]? _content;
    private long _readAt;

    private UserFile(IUserDocument document, TimeProvider time) => (_document, _time) = (document, time);

    /// <summary>Whether it is known who there is. A shared document that was never reached says nothing about who is missing.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>As they are written down; whoever changes one takes a copy.</summary>
    public ImmutableArray<WingsUser> Users
    {
        get
        {
            lock (_lock)
            {
                if (_document.IsShared && (!IsKnown || _time.GetElapsedTime(_readAt) > s_maxAge))
                    TryRead();
                return _users;
            }
        }
    }

    /// <summary>The users of this machine.</summary>
    /// <exception cref="CannotStartException">The file is damaged; it was not changed.</exception>
    public static UserFile Open(string path)
    {
        var file = new UserFile(new LocalUserDocument(path), TimeProvider.System);
        try
        {
            file.Read();
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The users file {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The users of a fleet; read when the cluster's store answers.</summary>
    public static UserFile Shared(IUserDocument document, TimeProvider time) => new(document, time);

    /// <exception cref="IOException">There is one of this name, or it could not be written down.</exception>
    public void Add(WingsUser user)
    {
        var stored = user.ToStore();
        Change(users => users.Any(other => other.NormalizedName == user.NormalizedName)
            ? throw new IOException($"There is a user '{user.Name}' already.")
            : users.Add(stored));
        user.IsStoredAs(stored);
    }

    public void Remove(WingsUser user) => Change(users => users.RemoveAll(other => other.Id == user.Id));

    /// <summary>Writes down what was changed on a copy (<see cref="WingsUser.ToEdit"/>), beside what others changed meanwhile.</summary>
    /// <returns>False when that cannot be put together (<see cref="UserMerge"/>), or the user is gone: read it again.</returns>
    /// <exception cref="IOException">It could not be written down.</exception>
    public bool Save(WingsUser user)
    {
        WingsUser? merged = null;
        try
        {
            Change(users => Replace(users, user.Id, stored => merged = UserMerge.Merge(stored, user)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Else guessing would be free for as long as nothing can be written down.
            lock (_lock)
                _users = Replace(_users, user.Id, stored => UserMerge.MergeTries(stored, user)) ?? _users;
            throw;
        }

        if (merged is null)
            return false;
        user.IsStoredAs(merged);
        return true;
    }

    private static ImmutableArray<WingsUser>? Replace(ImmutableArray<WingsUser> users, string id, Func<WingsUser, WingsUser?> change)
        => users.FirstOrDefault(user => user.Id == id) is { } stored && change(stored) is { } changed ? users.Replace(stored, changed) : null;

    // First the document, then the memory: a user who could not be written down does not exist. Null changes nothing.
    private void Change(Func<ImmutableArray<WingsUser>, ImmutableArray<WingsUser>?> change)
    {
        lock (_lock)
        {
            for (var i = 0; i < WriteTries; i++)
            {
                if (_document.IsShared)
                    Read();
                if (change(_users) is not { } users)
                    return;
                var content = JsonSerializer.SerializeToUtf8Bytes(new Content(Schema, users), s_json);
                if (!_document.Write(content, _content))
                    continue;
                (_users, _content, _readAt) = (users, content, _time.GetTimestamp());
                return;
            }

            throw new IOException("Others write the users at the same time.");
        }
    }

    private void TryRead()
    {
        try
        {
            Read();
        }
        catch (IOException)
        {
            // Who was known stays known: a store that is away signs nobody out, and makes no administrator.
            _readAt = _time.GetTimestamp();
        }
    }

    private void Read()
    {
        var content = _document.Read();
        _readAt = _time.GetTimestamp();
        // What was counted in memory alone, because it could not be written down, counts for as long as nothing changed.
        if (IsKnown && (content ?? []).AsSpan().SequenceEqual(_content ?? []))
            return;
        _users = content is null ? [] : Parse(content);
        _content = content;
        IsKnown = true;
    }

    private ImmutableArray<WingsUser> Parse(byte[] bytes)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(bytes, s_json);
            if (content is { Schema: Schema, Users: { } users } && users.All(user => user is { Name: not null, NormalizedName: not null, PasswordHash: not null }))
                return [.. users];
            throw Damaged(content is { Schema: > Schema } ? "a newer version of the program wrote it" : "a part is missing");
        }
        catch (JsonException e)
        {
            throw Damaged($"not JSON, line {e.LineNumber + 1}");
        }
    }

    private CannotStartException Damaged(string how)
        => new($"The users file {_document.Name} is damaged ({how}). It was left as it is. Restore it from a backup; or move it away, and the next start makes the administrator anew.");

    private sealed record Content(int Schema, IReadOnlyList<WingsUser>? Users);
}
