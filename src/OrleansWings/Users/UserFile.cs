using System.Collections.Immutable;
using System.Text.Json;
using OrleansWings.Commands;
using OrleansWings.DataFolders;

namespace OrleansWings.Users;

/// <summary>All users, in one small file of the data folder that only the program's user may read.</summary>
internal sealed class UserFile
{
    private const int Schema = 1;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly string _path;

    private UserFile(string path, ImmutableArray<WingsUser> users) => (_path, Users) = (path, users);

    public ImmutableArray<WingsUser> Users { get; private set; }

    /// <exception cref="CannotStartException">The file is damaged; it was not changed.</exception>
    public static UserFile Open(string path)
    {
        if (!File.Exists(path))
            return new UserFile(path, []);
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), s_json);
            if (content is { Schema: Schema, Users: { } users } && users.All(user => user is { Name: not null, NormalizedName: not null, PasswordHash: not null }))
                return new UserFile(path, [.. users]);
            throw Damaged(path, content is { Schema: > Schema } ? "a newer version of the program wrote it" : "a part is missing");
        }
        catch (JsonException e)
        {
            throw Damaged(path, $"not JSON, line {e.LineNumber + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The users file {path} cannot be read: {e.Message}", e);
        }
    }

    public void Add(WingsUser user)
    {
        lock (_lock)
            Write(Users.Add(user));
    }

    public void Remove(WingsUser user)
    {
        lock (_lock)
            Write(Users.Remove(user));
    }

    /// <summary>Writes down what was changed on a user.</summary>
    public void Save()
    {
        lock (_lock)
            Write(Users);
    }

    // First the disk, then the memory: a user who could not be written down does not exist.
    private void Write(ImmutableArray<WingsUser> users)
    {
        PrivateFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(new Content(Schema, users), s_json));
        Users = users;
    }

    private static CannotStartException Damaged(string path, string how)
        => new($"The users file {path} is damaged ({how}). It was left as it is. Restore it from a backup; or move it away, and the next start makes the administrator anew.");

    private sealed record Content(int Schema, IReadOnlyList<WingsUser>? Users);
}
