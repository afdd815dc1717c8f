using System.Globalization;
using OrleansWings.Benchmarks;
using OrleansWings.Benchmarks.Consoles;
using OrleansWings.Benchmarks.Fleets;
using OrleansWings.Benchmarks.Programs;
using OrleansWings.Benchmarks.Scale;
using OrleansWings.Benchmarks.Servers;
using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;

// Alone: it needs neither an engine nor the program.
if (args is [{ } only] && only.Split('=') is ["scale", ..] scale)
{
    await ScaleRun.RunAsync(scale.ElementAtOrDefault(1));
    return;
}

// Arguments: the engine, the published program, an empty folder, and the parts to measure (all that take no minutes).
var (address, program, folder) = (new Uri(args[0]), args[1], args[2]);
var wanted = args[3..].Select(part => part.Split('=')).ToDictionary(part => part[0], part => part.ElementAtOrDefault(1));
(string Name, string Value)[] forFleets = [(RealEngine.AddressVariable, args[0]), ("ENGINES", Path.GetDirectoryName(Path.GetDirectoryName(address.LocalPath))!)];
foreach (var (name, value) in forFleets)
    Environment.SetEnvironmentVariable(name, value);
PublishedProgram.Use(program);
await using var engine = new DockerContainerEngine(address);
var report = new Report();
await report.WriteMachineAsync(engine);

Dictionary<string, Func<Task>> parts = new()
{
    ["power"] = () => WithSiloAsync(silo => PowerBenchmark.RunAsync(silo, engine, report)),
    ["starts"] = () => WithSiloAsync(silo => StartsBenchmark.RunAsync(silo, engine, report)),
    ["console"] = () => WithSiloAsync(silo => RoundTripBenchmark.RunAsync(silo, engine, report)),
    ["flood"] = () => WithSiloAsync(silo => FloodBenchmark.RunAsync(silo, engine, report)),
    ["viewers"] = () => WithSiloAsync(silo => ViewersBenchmark.RunAsync(silo, engine, report)),
    ["idle"] = () => IdleBenchmark.RunAsync(address, program, folder, report),
    ["usage"] = () => UsageBenchmark.RunAsync(address, program, folder, report),
    ["disk"] = () => DiskBenchmark.RunAsync(address, program, folder, report),
    ["restart"] = () => RestartBenchmark.RunAsync(address, program, folder, report),
    ["fleet"] = () => FleetBenchmark.RunAsync(report),
    ["hour"] = () => HourBenchmark.RunAsync(int.Parse(wanted["hour"] ?? "60", CultureInfo.InvariantCulture), report),
};
string[] byName = ["disk", "fleet", "hour"];

foreach (var (name, measure) in parts)
{
    if (wanted.Count > 0 ? !wanted.ContainsKey(name) : byName.Contains(name))
        continue;
    Console.Error.WriteLine($"measuring: {name} …");
    try
    {
        await measure();
    }
    catch (Exception e)
    {
        // The other parts are worth having all the same.
        report.Note($"The part '{name}' could not be measured: {e.Message}");
    }
}

report.Write();

async Task WithSiloAsync(Func<Installation, Task> measure)
{
    await using var silo = await Installation.OpenAsync(address, Path.Combine(folder, "main"));
    await measure(silo);
}
