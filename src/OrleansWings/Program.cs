using OrleansWings.Commands;
using OrleansWings.Settings;

return await WingsCommands.RunAsync(args, WingsMachine.Current());
