using System.Diagnostics;

namespace OrleansWings.Tests.Deployments;

/// <summary>The unit that supervises the program on a machine with systemd.</summary>
public sealed class SystemdUnitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Unit => File.ReadAllText(Repository.PathOf("silo-config", "systemd", "orleans-wings.service"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Restart", "always")]
    [InlineData("RestartSec", "1")]
    [InlineData("KillMode", "mixed")] // of its own cgroup only, which no container is in
    [InlineData("EnvironmentFile", "-/etc/orleans-wings/settings.env")]
    [InlineData("StateDirectoryMode", "0700")]
    [InlineData("CPUWeight", "1000")]
    [InlineData("StartLimitIntervalSec", "0")]
    public void Setting_OnWhichTheGamesDepend_IsThereOnce(string name, string value)
        => Assert.Equal([value], Lines.Where(line => line.Name == name).Select(line => line.Value));

    [Theory]
    [InlineData("ProtectControlGroups")]
    [InlineData("ProtectProc")]
    [InlineData("ProcSubset")]
    [InlineData("PrivateUsers")]
    [InlineData("PrivateNetwork")]
    [InlineData("BindsTo")]
    [InlineData("Requires")]
    [InlineData("MemoryDenyWriteExecute")] // .NET compiles while it runs
    public void Setting_ThatHidesTheGamesOrEndsWithTheEngine_IsNotThere(string name) => Assert.DoesNotContain(Lines, line => line.Name == name);

    [Fact]
    public async Task Unit_SystemdReadsIt_HasNothingToSay()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd is not on this machine.");
        // The program is not installed where the unit expects it; everything else is as it is.
        var unit = _folder.Write("orleans-wings.service", Unit.Replace("ExecStart=/opt/orleans-wings/orleans-wings", "ExecStart=/bin/true", StringComparison.Ordinal));

        using var process = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", "--man=no", unit]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // It looks at the units of the machine too, which are not ours.
        Assert.DoesNotContain("orleans-wings", said, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    private static IEnumerable<(string Name, string Value)> Lines
        => Unit.Split('\n').Where(line => line.Length > 0 && line[0] is not ('#' or '[')).Select(line => line.Split('=', 2)).Select(parts => (parts[0], parts[1]));
}
