using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.DataFolders;
using OrleansWings.Settings;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Storage.Moves;
using OrleansWings.Users;

namespace OrleansWings.Commands;

/// <summary>Lets a machine that was alone become the first of a fleet: its cluster's state goes to Redis, everything else stays where it is.</summary>
internal static class MoveState
{
    public static async Task<int> RunAsync(WingsOptions options)
    {
        var file = Path.Combine(options.DataFolder, "state.db");
        if (options.Fleet is not { } settings)
            return await WingsCommands.FailAsync($"{SettingNames.Redis}: it is missing. Name the Redis that the state moves to, for example redis://10.0.0.5:6379.");
        if (!File.Exists(file))
            return await WingsCommands.FailAsync($"{SettingNames.Data}: {options.DataFolder} has no state.db, so there is nothing to move.");
        using var folder = DataFolder.Open(options.DataFolder);
        RestoredState.CheckStart(folder.Path);
        var host = folder.KeepHostId(options.Host, options.DefaultHost);
        var fleet = settings.ToOptions(folder.KeepMachineKey(), WingsApplication.LoadCertificates(options, host));
        try
        {
            if (MovedState.Read(folder.Path) is { } moved)
            {
                if (moved.Store != fleet.Store)
                    return await WingsCommands.FailAsync($"{SettingNames.Redis}: the state was moved to {moved.Store} at {moved.At} already. Name that one.");
                await StateMove.FinishAsync(fleet);
                await Console.Out.WriteLineAsync($"The state was moved to {moved.Store} at {moved.At}. There is nothing more to do.");
                return 0;
            }

            var users = new UserMove(folder, FleetDocuments.Open(fleet.Redis, NullLoggerFactory.Instance));
            var result = await StateMove.RunAsync(file, host, fleet, users.FindDiffering, () =>
            {
                users.Run();
                MovedState.Write(folder.Path, fleet.Store, TimeProvider.System.GetUtcNow());
            });
            await Console.Out.WriteLineAsync($"Moved to {fleet.Store}: {result.Counts}. Written {result.Written}, there already {result.Total - result.Written}; all {result.Total} were read back and are equal.");
            if (!result.IsKeptOnDisk)
                await Console.Out.WriteLineAsync($"Redis at {fleet.Store} does not log to its disk (appendonly is off): it may lose what it was told. See silo-config/README.md.");
            await Console.Out.WriteLineAsync($"Start the program with {SettingNames.Redis} from now on. state.db stays as it was; without {SettingNames.Redis} the program refuses to start.");
            return 0;
        }
        catch (StateMoveException e)
        {
            return await WingsCommands.FailAsync(e.Message);
        }
        catch (IOException e)
        {
            return await WingsCommands.FailAsync($"The users could not be moved: {e.Message} What Redis at {fleet.Store} has can stay; run move-state again to go on.");
        }
    }
}
