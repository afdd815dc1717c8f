using OrleansWings.DataFolders;
using OrleansWings.Settings;
using OrleansWings.Silo.Storage;
using OrleansWings.Users;

namespace OrleansWings.Commands;

/// <summary>For an administrator who forgot the password: whoever can read the data folder may set a new one.</summary>
internal static class PasswordReset
{
    public static async Task<int> RunAsync(WingsOptions options)
    {
        if (options.AdminPassword is not { } password)
            return await WingsCommands.FailAsync($"{SettingNames.AdminPasswordFile}: it is missing. Write the new password into a file and name that here.");
        using var folder = DataFolder.Open(options.DataFolder);
        RestoredState.CheckStart(folder.Path);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        if (options.Fleet is { } settings)
        {
            // As the program would: a Redis with a certificate of the fleet's own CA is trusted by nothing else.
            var fleet = settings.ToOptions(folder.KeepMachineKey(), WingsApplication.LoadCertificates(options, folder.KeepHostId(options.Host, options.DefaultHost)));
            services.AddSingleton(provider => FleetDocuments.Open(fleet.Redis, provider.GetRequiredService<ILoggerFactory>()));
        }

        services.AddWingsUsers(folder, isFleet: options.Fleet is not null);
        await using var provider = services.BuildServiceProvider();
        if (await provider.GetRequiredService<FirstAdministrator>().ResetAsync(password) is { } fault)
            return await WingsCommands.FailAsync(fault);
        await Console.Out.WriteLineAsync($"The user '{FirstAdministrator.UserName}' has the new password; every sign-in was ended.");
        return 0;
    }
}
