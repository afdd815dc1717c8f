using System.Globalization;
using OrleansWings.DataFolders;
using OrleansWings.Hosts;
using OrleansWings.Settings;
using OrleansWings.Silo.Storage.Backups;

namespace OrleansWings.Commands;

/// <summary>Puts a backup into an empty data folder, or into an empty Redis. While it is not complete no program starts on it.</summary>
internal static class RestoreCommand
{
    public static async Task<int> RunAsync(WingsOptions options, string path)
    {
        var content = Read(path);
        var isAlone = options.Fleet is null;
        var result = isAlone ? await IntoFolderAsync(options, content) : await IntoFleetAsync(options, options.Fleet!, content);
        var jobs = result.EndedJobs == 0 ? "" : $" {result.EndedJobs} of the jobs had not come to an end and {(result.EndedJobs == 1 ? "is" : "are")} cancelled.";
        await Console.Out.WriteLineAsync($"Restored into {(isAlone ? options.DataFolder : options.Fleet!.ToOptions(Guid.Empty, null).Store)}: {content.Words} of {content.Header.Source},"
            + $" as of {content.Header.At.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}; all {content.Total} were read back and are equal.{jobs}");
        if (!result.IsKeptOnDisk)
            await Console.Out.WriteLineAsync("That Redis does not log to its disk (appendonly is off): it may lose what it was told. See silo-config/README.md.");
        await Console.Out.WriteLineAsync(isAlone
            ? $"Servers' files are not in a backup: bring volumes/ and identities/ back into {options.DataFolder}, then start the program. Not while another program has its servers on the same engine. Everybody signs in anew, with the password of that time."
            : "Start the control processes, then the hosts: servers' files and containers are there, and what a host knows that is newer than the backup wins. Everybody signs in anew, with the password of that time.");
        return 0;
    }

    private static BackupContent Read(string path)
    {
        if (Directory.Exists(path))
            throw new CannotStartException($"{path} is a folder. Name a backup's file.");
        try
        {
            return BackupFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<StateRestoreResult> IntoFolderAsync(WingsOptions options, BackupContent content)
    {
        var name = content.Header.Host is { } saved && HostId.TryParse(saved, null, out var host) ? host : (HostId?)null;
        // Else its servers would be of a host that is away for ever.
        if (name is { } meant && (DataFolder.ReadHostId(options.DataFolder, options.Host) ?? options.Host) is { } other && other != meant)
            throw new CannotStartException($"{SettingNames.Host}: the servers of this backup are assigned to '{meant}', and this machine is called '{other}'. Leave {SettingNames.Host} out, and name a new or empty folder in {SettingNames.Data}.");
        using var folder = DataFolder.Open(options.DataFolder);
        if (MovedState.Read(folder.Path) is { } moved)
            throw new CannotStartException($"{SettingNames.Redis}: it is missing. The state in {folder.Path} was moved to {moved.Store} at {moved.At}. Name that Redis, or another folder.");
        try
        {
            if (File.Exists(folder.Users) && (content.Users is not { } users || !users.AsSpan().SequenceEqual(File.ReadAllBytes(folder.Users))))
                throw new CannotStartException($"{SettingNames.Data}: {folder.Path} has a users.json with other users than the backup. Nothing was restored. Move it away; to keep its users, put it back afterwards.");
            return await StateRestore.IntoFileAsync(content, Path.Combine(folder.Path, "state.db"), RestoredState.PartOf(folder.Path), () =>
            {
                if (content.Users is { } saved)
                    PrivateFile.Write(folder.Users, saved);
                if (name is { } own)
                    folder.KeepHostId(own, own);
                // A sign-in that was ended since would be good again.
                foreach (var key in Directory.Exists(folder.Keys) ? Directory.EnumerateFiles(folder.Keys, "*.xml") : [])
                    File.Delete(key);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{folder.Path} cannot be written to: {e.Message} Run restore again.", e);
        }
    }

    private static Task<StateRestoreResult> IntoFleetAsync(WingsOptions options, FleetSettings settings, BackupContent content)
    {
        var host = DataFolder.ReadHostId(options.DataFolder, options.Host) ?? options.Host ?? options.DefaultHost;
        return StateRestore.IntoFleetAsync(content, settings.ToOptions(Guid.Empty, WingsApplication.LoadCertificates(options, host)));
    }
}
