using System.Net;
using System.Net.Sockets;

namespace OrleansWings.EndToEnd.Tests.Settings;

/// <summary>What cannot run ends with exit code 1 and words for the person at the terminal, never with a stack trace.</summary>
public sealed class BadStartTests(SharedProgram shared) : IClassFixture<SharedProgram>
{
    [Fact]
    public async Task Every_wrong_setting_is_said_at_once_with_the_name_that_was_typed()
    {
        var output = await FailAsync(new Dictionary<string, string>
        {
            ["WINGS_ROLES"] = "all",
            ["WINGS_DATA"] = "relative/folder",
            ["WINGS_URLS"] = "not an address",
            ["WINGS_LOG_LEVEL"] = "Loud",
            ["WINGS_DEMO"] = "perhaps",
            ["WINGS_ADMIN_PASSWORD_FILE"] = "/no/such/file",
        });
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.Contains("WINGS_ROLES: this is not a setting. Did you mean WINGS_ROLE?", lines);
        foreach (var name in (string[])["WINGS_DATA", "WINGS_URLS", "WINGS_LOG_LEVEL", "WINGS_DEMO", "WINGS_ADMIN_PASSWORD_FILE"])
            Assert.Contains(lines, line => line.StartsWith($"{name}: '", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_program_on_a_data_folder_is_told_who_holds_it()
    {
        var program = await shared.GetAsync();
        var output = await FailAsync(new Dictionary<string, string>(program.Settings) { ["WINGS_URLS"] = $"http://127.0.0.1:{FreePort.Find()}" });
        Assert.Contains($"The data folder {program.Data} is in use by another OrleansWings (process {program.ProcessId}).", output);
        Assert.False(program.HasExited);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)stranger.LocalEndpoint).Port}";
        var folder = Directory.CreateTempSubdirectory("ow-e2e-");
        try
        {
            var output = await FailAsync(new Dictionary<string, string>
            {
                ["WINGS_DATA"] = folder.FullName,
                ["WINGS_URLS"] = url,
                ["WINGS_ENGINE"] = RealEngine.Require().OriginalString,
            });
            Assert.Contains($"WINGS_URLS: {url} is taken by another program.", output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("state.db", 0)]
    [InlineData("state.db", 4096)]
    [InlineData("host.db", 0)]
    [InlineData("host.db", 4096)]
    [InlineData("users.json", 0)]
    public async Task A_damaged_state_file_is_named_and_left_as_it_is(string name, int offset)
    {
        await using var program = await WingsProgram.StartNewAsync();
        Assert.Equal(0, await program.InterruptAsync());
        var file = Path.Combine(program.Data, name);
        await using (var damage = File.OpenWrite(file))
        {
            damage.Seek(offset, SeekOrigin.Begin);
            await damage.WriteAsync(Enumerable.Repeat((byte)0xA5, 200).ToArray());
        }

        var before = await File.ReadAllBytesAsync(file);
        var output = await FailAsync(program.Settings);
        Assert.Contains($"file {file} is damaged", output);
        Assert.Equal(before, await File.ReadAllBytesAsync(file));
    }

    private static async Task<string> FailAsync(IReadOnlyDictionary<string, string> settings)
    {
        await using var run = ProgramRun.Start(settings);
        Assert.Equal(1, await run.WaitForExitAsync());
        Assert.DoesNotContain("   at ", run.Output);
        Assert.DoesNotContain("Exception", run.Output);
        return run.Output;
    }
}
