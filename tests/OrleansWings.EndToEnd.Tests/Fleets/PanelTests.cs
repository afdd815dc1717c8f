using System.Diagnostics;
using OrleansWings.Consoles;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>The sample panel (tests/OrleansWings.Panel) as a process of its own, outside of a fleet of two hosts: it knows the package only.</summary>
public sealed class PanelTests
{
    [Fact]
    public async Task The_sample_panel_runs_servers_on_two_hosts_from_outside()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 2, controls: 1);

        var panel = await Command.TryAsync(Panel(fleet, "~" + RealEngine.Image, "h1", "h2"));

        Assert.True(panel.ExitCode == 0, panel.Error + panel.Output);
        var said = panel.Output.Split('\n');
        Assert.Contains(said, line => line.StartsWith("console: Done (", StringComparison.Ordinal));
        Assert.Contains("job: Restart 2 servers, 2 done", said);
        Assert.Contains("run 2 on h1", said);
        Assert.Contains("run 2 on h2", said);
        await Eventually.GetAsync(fleet.Fleet.ListServersAsync, servers => servers.IsEmpty);
    }

    [Fact]
    public async Task The_sample_panel_names_each_setting_that_cannot_be()
    {
        var start = new ProcessStartInfo(Program, ["image", "h1"]);
        start.Environment["WINGS_REDIS"] = "http://user:secret@10.0.0.2";
        start.Environment["WINGS_CERTIFICATES"] = "/nowhere";

        var panel = await Command.TryAsync(start);

        Assert.Equal(1, panel.ExitCode);
        Assert.Contains("WINGS_REDIS: it is not the address of a Redis.", panel.Error, StringComparison.Ordinal);
        Assert.Contains("WINGS_CERTIFICATES: /nowhere", panel.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", panel.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_never_reads_its_console_holds_up_nobody_and_has_missed_nothing_when_it_does()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);
        var server = await fleet.RunServerAsync("h1", "floods");
        var wakes = new TaskCompletionSource();
        // A process of its own to the fleet: it has its own connection and its own subscription.
        await using var other = await fleet.ConnectAsync();
        await using var sleeper = new ConsoleViewer(other.Consoles, server.Id, ConsoleCursor.Last(10)) { BeforeNext = () => wakes.Task };
        await Eventually.TrueAsync(() => sleeper.Count > 0);
        await using var reader = new ConsoleViewer(fleet.Consoles, server.Id, ConsoleCursor.Last(10));
        await Eventually.TrueAsync(() => reader.Count > 0);

        Assert.True((await server.SendCommandAsync("flood 60000")).IsAccepted);
        await Eventually.TrueAsync(() => reader.HasSeen("flood over"));
        Assert.True((await server.SendCommandAsync("still there")).IsAccepted);
        await Eventually.TrueAsync(() => reader.HasSeen("Unknown command: still there"));
        Assert.False(sleeper.HasSeen("flood over"));
        wakes.SetResult();
        await Eventually.TrueAsync(() => sleeper.HasSeen("Unknown command: still there"));

        foreach (var viewer in (ConsoleViewer[])[reader, sleeper])
        {
            Assert.Empty(viewer.Faults);
            var flood = viewer.GameLines.Select(line => line.TrimEnd('\r', '\n')).SkipWhile(line => line != "flood 1").TakeWhile(line => line != "flood over");
            Assert.Equal(Enumerable.Range(1, 60_000).Select(i => $"flood {i}"), flood);
        }
    }

    private static string Program => Repository.PathOf("tests/OrleansWings.Panel/bin/Release/net10.0/OrleansWings.Panel");

    private static ProcessStartInfo Panel(FleetRun fleet, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments);
        start.Environment["WINGS_REDIS"] = fleet.Redis.Url;
        start.Environment["WINGS_REDIS_PASSWORD_FILE"] = fleet.Redis.PasswordFile;
        start.Environment["WINGS_CERTIFICATES"] = fleet.CertificatesOf("client", "panel");
        return start;
    }
}
