using OrleansWings.Commands;

namespace OrleansWings.DataFolders;

/// <summary>A backup is restored into a file beside state.db, which becomes it when all is there: as long as it is there, something is missing.</summary>
internal static class RestoredState
{
    private const string PartName = "state.db.restoring";

    public static string PartOf(string folder) => Path.Combine(folder, PartName);

    /// <summary>Nobody works on a part of a state.</summary>
    /// <exception cref="CannotStartException">A restore was ended before its end.</exception>
    public static void CheckStart(string folder)
    {
        if (File.Exists(PartOf(folder)))
            throw new CannotStartException($"A backup was being restored into {folder}, and that was ended. Run 'orleans-wings restore' again; or, to begin with no servers, delete {PartOf(folder)}.");
    }
}
