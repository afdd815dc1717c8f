// A panel in one file: it makes a server on each host that is named, starts them, watches the first one's console, restarts both by a job,
// and deletes them. Run it with the settings of the package's README and two arguments or more:
//   OrleansWings.Panel IMAGE HOST…
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Client;
using OrleansWings.Client.Settings;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Panel;
using OrleansWings.Servers;

if (args is not [var image, .. { Length: > 0 } hosts])
{
    Console.Error.WriteLine("Usage: OrleansWings.Panel IMAGE HOST…");
    return 2;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
try
{
    builder.Services.AddOrleansWingsClient(builder.Configuration);
}
catch (ClientSettingsException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

using var program = builder.Build();
await program.StartAsync();
var fleet = program.Services.GetRequiredService<IFleet>();
var consoles = program.Services.GetRequiredService<IConsoleFeeds>();

var servers = new List<IServer>();
foreach (var host in hosts)
{
    // The id is ours: asked again after an answer that never came, it is the same server.
    var id = ServerId.New();
    var spec = new ServerSpec
    {
        Name = $"Panel on {host}",
        Image = image,
        Startup = "game",
        DoneLines = ["Done ("],
        Stop = new StopRule { Kind = StopKind.Command, Value = "stop" },
        Host = new HostId(host),
    };
    await Ask.UntilKnownAsync(() => fleet.CreateServerAsync(spec, id));
    servers.Add(fleet.GetServer(id));
    await Ask.UntilKnownAsync(fleet.GetServer(id).StartAsync);
}

using var enough = new CancellationTokenSource(TimeSpan.FromMinutes(2));
await foreach (var batch in consoles.WatchAsync(servers[0].Id, ConsoleCursor.Last(10), enough.Token))
{
    // The game's own bytes, colours and all: a terminal shows them as they are.
    var lines = batch.Lines().Select(line => Encoding.UTF8.GetString(line.Bytes.Span).TrimEnd()).ToList();
    lines.ForEach(line => Console.WriteLine($"console: {line}"));
    if (lines.Exists(line => line.Contains("Done (", StringComparison.Ordinal)))
        break;
}

await Ask.UntilKnownAsync(() => servers[0].SendCommandAsync("say hello"));
var jobId = JobId.New();
await Ask.UntilKnownAsync(() => fleet.CreateJobAsync(
    new JobRequest { Action = PowerAction.Restart, Selection = new ServerSelection { Servers = [.. servers.Select(server => server.Id)] }, By = "the panel" }, jobId));
JobSnapshot? job;
while ((job = await fleet.GetJob(jobId).GetSnapshotAsync()) is { IsOver: false })
    await Task.Delay(TimeSpan.FromMilliseconds(500), enough.Token);
Console.WriteLine($"job: {job?.Title}, {job?.Count(JobStepState.Done)} done");

foreach (var server in servers)
{
    Console.WriteLine($"run {(await server.GetSnapshotAsync())?.Run} on {(await server.GetSnapshotAsync())?.Host}");
    await Ask.UntilKnownAsync(server.DeleteAsync);
}

await program.StopAsync();
return 0;
