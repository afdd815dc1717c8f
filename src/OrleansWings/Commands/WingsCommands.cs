using System.Reflection;
using OrleansWings.Certificates;
using OrleansWings.DataFolders;
using OrleansWings.Settings;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Storage.Backups;

namespace OrleansWings.Commands;

/// <summary>The command line. What the person can mend is one line on stderr and exit code 1; never a stack trace.</summary>
internal static class WingsCommands
{
    private const string Help = """
        orleans-wings                   runs the program
        orleans-wings check             checks the settings and says what the main ones come to
        orleans-wings health            asks the running program whether it is ready: exit code 0, or 1 and why not
        orleans-wings backup FILE       saves the cluster's records and users, of this machine or of the fleet of WINGS_REDIS; while the program runs
        orleans-wings restore FILE      puts them into an empty data folder, or an empty Redis; not while the program runs
        orleans-wings move-state        moves one machine's state into the Redis of WINGS_REDIS, so that it can grow into a fleet; not while the program runs
        orleans-wings reset-password    gives the administrator the password in WINGS_ADMIN_PASSWORD_FILE; not while the program runs
        orleans-wings certificates …    makes the certificates of a fleet's machines; '--help' behind it says how
        orleans-wings --version

        Settings are WINGS_… environment variables, or the same names in the JSON file that WINGS_CONFIG names: see silo-config/README.md.
        """;

    public static async Task<int> RunAsync(string[] args, WingsMachine machine)
    {
        switch (args)
        {
            case ["--help" or "-h"]:
                await Console.Out.WriteLineAsync(Help);
                return 0;
            case ["--version"]:
                await Console.Out.WriteLineAsync(Version);
                return 0;
            case ["certificates", ..]:
                return await CertificateCommands.RunAsync(args[1..], TimeProvider.System);
            case ["health"]:
                return await HealthCheck.RunAsync(machine);
            case ["backup" or "restore"]:
                return await FailAsync($"orleans-wings {args[0]}: name the backup's file, for example /var/backups/orleans-wings.backup.");
            case ["backup" or "restore", ['-', ..]]:
                return await FailAsync($"orleans-wings {args[0]}: '{args[1]}' is not a file's name. Try 'orleans-wings --help'.");
            case ["backup" or "restore", { Length: > 0 }]:
                break;
            case [] or ["check"] or ["move-state"] or ["reset-password"]:
                break;
            default:
                return await FailAsync($"orleans-wings: '{string.Join(' ', args)}' is not understood. Try 'orleans-wings --help'.");
        }

        if (!WingsOptionsReader.TryRead(machine, out var options, out var faults))
            return await FailAsync([.. faults]);
        try
        {
            return args switch
            {
                ["check"] => await CheckAsync(options),
                ["backup", var file] => await BackupCommand.RunAsync(options, Path.GetFullPath(file), TimeProvider.System),
                ["restore", var file] => await RestoreCommand.RunAsync(options, Path.GetFullPath(file)),
                ["move-state"] => await MoveState.RunAsync(options),
                ["reset-password"] => await PasswordReset.RunAsync(options),
                _ => await RunProgramAsync(options),
            };
        }
        catch (CannotStartException e)
        {
            return await FailAsync(e.Message);
        }
        catch (BackupException e)
        {
            return await FailAsync(e.Message);
        }
        catch (LedgerException e)
        {
            return await FailAsync(e.Message);
        }
    }

    /// <summary>The program's version.</summary>
    internal static string Version => typeof(WingsCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal static async Task<int> FailAsync(params string[] lines)
    {
        foreach (var line in lines)
            await Console.Error.WriteLineAsync(line);
        return 1;
    }

    private static async Task<int> CheckAsync(WingsOptions options)
    {
        // Of another machine, another CA or expired: the start would be refused, so the check is. Under the name that the start would take.
        var host = DataFolder.ReadHostId(options.DataFolder, options.Host) ?? options.Host ?? options.DefaultHost;
        if (options.Fleet is not null)
            WingsApplication.LoadCertificates(options, host);
        await Console.Out.WriteLineAsync($"{SettingNames.Data}={options.DataFolder}");
        await Console.Out.WriteLineAsync($"{SettingNames.Engine}={options.Engine.OriginalString}");
        await Console.Out.WriteLineAsync($"{SettingNames.Urls}={string.Join(';', options.Urls)}");
        if (options.PublicAddress is { } address)
            await Console.Out.WriteLineAsync($"{SettingNames.PublicAddress}={address}");
        return 0;
    }

    private static async Task<int> RunProgramAsync(WingsOptions options)
    {
        await using var app = WingsApplication.Create(options);
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException)
        {
            // It was refused or interrupted before all of it had started; or a part did not stop in time. Everything
            // durable is written when it happens, so there is nothing to wait for.
        }

        if (app.Refusal is { } refusal)
            return await FailAsync(refusal);
        await Console.Out.WriteLineAsync("OrleansWings has stopped. The game servers go on.");
        return 0;
    }
}
