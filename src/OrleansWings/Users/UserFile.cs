using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Commands;

namespace OrleansWings.Users;

/// <summary>
/// All users, in one small document. One that others write too is read anew when it is asked for and older than a second;
/// when it cannot be read, who was known stays known.
/// </summary>
internal sealed partial class UserFile
{
    private const int Schema = 1;
    private const int WriteTries = 5;
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(1);

    // A store that is away takes two seconds to say so, and each request asks for its user.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    // Whose it is reads or writes the document, one at a time. What was read is there for all, without it.
    private readonly Lock _turn = new();
    private readonly IUserDocument _document;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile Known? _known;
    private volatile Look _look = Look.Never;
    private byte[]? _damaged;

    private UserFile(IUserDocument document, TimeProvider time, ILogger logger) => (_document, _time, _logger) = (document, time, logger);

    /// <summary>Whether it is known who there is. A shared document that was never reached says nothing about who is missing.</summary>
    public bool IsKnown => _known is not null;

    /// <summary>Why the document could not be read last; null when it could.</summary>
    public string? Problem => _look.Problem;

    /// <summary>As they are written down; whoever changes one takes a copy.</summary>
    public ImmutableArray<WingsUser> Users
    {
        get
        {
            if (_document.IsShared && IsOld)
                Refresh();
            return Held;
        }
    }

    private ImmutableArray<WingsUser> Held => _known?.Users ?? [];

    private bool IsOld => _look is var look && (look.At is not { } at || _time.GetElapsedTime(at) > (look.Problem is null ? s_maxAge : s_pause));

    /// <summary>The users of this machine.</summary>
    /// <exception cref="CannotStartException">The file is damaged; it was not changed.</exception>
    public static UserFile Open(string path)
    {
        var file = new UserFile(new LocalUserDocument(path), TimeProvider.System, NullLogger.Instance);
        try
        {
            file.Read();
            return file;
        }
        catch (DamagedUsersException e)
        {
            throw new CannotStartException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The users file {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The users of a fleet; read when the cluster's store answers.</summary>
    public static UserFile Shared(IUserDocument document, TimeProvider time, ILogger<UserFile> logger) => new(document, time, logger);

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
            if (!Remember(user) || !UserMerge.IsReset(user))
                throw;
            // That the right password was typed has to be written down for nobody's safety: what is written is only stricter.
            return true;
        }

        if (merged is null)
            return false;
        user.IsStoredAs(merged);
        return true;
    }

    // The tries alone, and in memory alone. False when the user is gone, or another by now.
    private bool Remember(WingsUser user)
    {
        lock (_turn)
        {
            if (_known is not { } known || Replace(known.Users, user.Id, stored => UserMerge.MergeTries(stored, user)) is not { } users)
                return false;
            _known = known with { Users = users };
            return true;
        }
    }

    private static ImmutableArray<WingsUser>? Replace(ImmutableArray<WingsUser> users, string id, Func<WingsUser, WingsUser?> change)
        => users.FirstOrDefault(user => user.Id == id) is { } stored && change(stored) is { } changed ? users.Replace(stored, changed) : null;

    // First the document, then the memory: a user who could not be written down does not exist. Null changes nothing.
    private void Change(Func<ImmutableArray<WingsUser>, ImmutableArray<WingsUser>?> change)
    {
        lock (_turn)
        {
            for (var i = 0; i < WriteTries; i++)
            {
                if (_document.IsShared)
                    Read();
                if (change(Held) is not { } users)
                    return;
                var content = JsonSerializer.SerializeToUtf8Bytes(new Content(Schema, users), s_json);
                if (!_document.Write(content, _known?.Content))
                    continue;
                _known = new Known(users, content);
                return;
            }

            throw new IOException("Others write the users at the same time.");
        }
    }

    // A store that answers does so within a millisecond and is waited for. One that has failed is asked by one at a time,
    // and all others go on with who is known.
    private void Refresh()
    {
        if (Problem is null)
            _turn.Enter();
        else if (!_turn.TryEnter())
            return;
        try
        {
            if (IsOld)
                Read();
        }
        catch (IOException)
        {
            // Who was known stays known: a store that is away signs nobody out, and makes no administrator.
        }
        finally
        {
            _turn.Exit();
        }
    }

    private void Read()
    {
        byte[]? content = null;
        try
        {
            content = _document.Read();
            // What was counted in memory alone, because it could not be written down, counts for as long as nothing changed.
            if (_known is not { } known || !(content ?? []).AsSpan().SequenceEqual(known.Content ?? []))
                _known = new Known(content is null ? [] : Parse(content), content);
            (_look, _damaged) = (new Look(_time.GetTimestamp(), null), null);
        }
        catch (IOException e)
        {
            _look = new Look(_time.GetTimestamp(), e.Message);
            if (e is DamagedUsersException && (_damaged is null || !content.AsSpan().SequenceEqual(_damaged)))
            {
                _damaged = content;
                LogDamaged(_logger, e.Message);
            }

            throw;
        }
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

    private DamagedUsersException Damaged(string how)
        => new($"The users file {_document.Name} is damaged ({how}). It was left as it is. Restore it from a backup; or move it away, and the next start makes the administrator anew.");

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault} Until then who was known stays known, and nothing about users can be changed.")]
    private static partial void LogDamaged(ILogger logger, string fault);

    private sealed record Known(ImmutableArray<WingsUser> Users, byte[]? Content);

    private sealed record Look(long? At, string? Problem)
    {
        public static Look Never { get; } = new(null, null);
    }

    private sealed record Content(int Schema, IReadOnlyList<WingsUser>? Users);
}
