using System.Globalization;
using OrleansWings.DataFolders;
using OrleansWings.Settings;
using OrleansWings.Silo.Storage.Backups;
using OrleansWings.Users;

namespace OrleansWings.Commands;

/// <summary>Saves what the cluster's store holds into one file, while programs work on it.</summary>
internal static class BackupCommand
{
    public static async Task<int> RunAsync(WingsOptions options, string path, TimeProvider time)
    {
        MovedState.CheckStart(options.DataFolder, options.Fleet is not null);
        var state = Path.Combine(options.DataFolder, "state.db");
        if (options.Fleet is null && !File.Exists(state))
            return await WingsCommands.FailAsync($"{SettingNames.Data}: {options.DataFolder} has no state.db that this user can see, so there is nothing to save.");
        using var target = BackupTarget.Open(path);
        var content = await TakeAsync(options, state, target.WorkFolder, time);
        var length = target.Write(file => BackupFile.Write(file, content));
        await Console.Out.WriteLineAsync($"Saved to {path} ({(length / 1024.0).ToString("N1", CultureInfo.InvariantCulture)} KiB): {content.Words} of {content.Header.Source}."
            + " Not in it: servers' files, their consoles, and what each host keeps of its own. It holds password hashes: keep it from others.");
        if (content.Damaged is { Count: > 0 } damaged)
            await Console.Error.WriteLineAsync($"Damaged in the store already, and saved as it is: {string.Join(", ", damaged)}.");
        return 0;
    }

    private static Task<BackupContent> TakeAsync(WingsOptions options, string state, string workFolder, TimeProvider time)
    {
        // As the program would, whose name and certificate this machine has; without its lock, as it may be running.
        var host = DataFolder.ReadHostId(options.DataFolder, options.Host) ?? options.Host ?? options.DefaultHost;
        if (options.Fleet is { } settings)
            return StateBackup.TakeAsync(settings.ToOptions(Guid.Empty, WingsApplication.LoadCertificates(options, host)), WingsCommands.Version, time);
        try
        {
            // It is replaced whole whenever it is written: what is read is one of its versions.
            var users = new LocalUserDocument(Path.Combine(options.DataFolder, "users.json")).Read();
            return StateBackup.TakeAsync(state, host, users, workFolder, WingsCommands.Version, time.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The users cannot be read: {e.Message} Nothing was saved.", e);
        }
    }
}
