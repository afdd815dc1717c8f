using System.Diagnostics;

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
