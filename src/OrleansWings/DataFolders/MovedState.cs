using System.Globalization;
using System.Text;
using OrleansWings.Commands;
using OrleansWings.Settings;

namespace OrleansWings.DataFolders;

/// <summary>Whether the state of a data folder's state.db is the cluster's, or was moved to Redis: a file beside it says so.</summary>
internal sealed record MovedState(string Store, string At)
{
    private const string FileName = "state.db.moved";

    /// <summary>Null when it was not moved.</summary>
    public static MovedState? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? File.ReadAllLines(file) is [var store, var at, ..] ? new MovedState(store, at) : new MovedState("Redis", "some time") : null;
    }

    public static void Write(string folder, string store, DateTimeOffset at)
        => PrivateFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes($"""
            {store}
            {at.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}
            The cluster's state was moved to that Redis then; state.db beside this file is as it was.
            To go on from it without Redis, as if there had been nothing since, delete this file.

            """));

    /// <summary>Nobody works on a state that is old, and nobody begins with an empty one by mistake.</summary>
    /// <exception cref="CannotStartException">The settings and the folder do not fit.</exception>
    public static void CheckStart(string folder, bool hasFleet)
    {
        var moved = Read(folder);
        if (!hasFleet && moved is not null)
        {
            throw new CannotStartException($"{SettingNames.Redis}: it is missing. The state in {folder} was moved to {moved.Store} at {moved.At}, and what is in state.db is old."
                + $" Set it again; or, to go on from the old state, delete {Path.Combine(folder, FileName)}.");
        }

        if (hasFleet && moved is null && new FileInfo(Path.Combine(folder, "state.db")) is { Exists: true, Length: > 0 })
        {
            throw new CannotStartException($"{SettingNames.Redis}: the state in {folder} is not in Redis yet, and this machine's servers are in it."
                + " Run 'orleans-wings move-state' first; or move state.db away.");
        }
    }
}
