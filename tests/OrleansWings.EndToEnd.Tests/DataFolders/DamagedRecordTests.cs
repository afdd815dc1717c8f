using Microsoft.Data.Sqlite;

namespace OrleansWings.EndToEnd.Tests.DataFolders;

/// <summary>One server's record in the store is damaged: it is said of that one, and nothing else is the worse for it.</summary>
public sealed class DamagedRecordTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task Of_one_server_it_is_said_at_that_one_and_the_others_go_on()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Damaged" });
        var damaged = page.Id;
        await page.StartAsync();
        var other = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Whole", Port = 28041 });
        var whole = other.Id;
        using (tab.Outage())
        {
            var load = await tab.LoadAsync();
            await program.InterruptAsync();
            Damage(program, damaged);
            await program.StartAsync();
            await tab.WaitForNewLoadAsync(load);
        }

        var list = new ListPage(tab);
        await list.OpenAsync();
        await Assertions.Expect(list.State("Whole")).ToHaveTextAsync("Offline");
        await Assertions.Expect(list.State("Damaged")).ToHaveTextAsync("Running");
        await tab.GoAsync($"/servers/{whole}");
        await other.StartAsync();

        await tab.GoAsync($"/servers/{damaged}");
        await page.SendAsync("hello");
        await page.WaitForLineAsync("Unknown command: hello");
        await tab.GoAsync($"/servers/{damaged}/edit");
        await Assertions.Expect(tab.Page.GetByText("Restore the store from a backup.")).ToBeVisibleAsync();
        await tab.GoAsync("/trash");
        await Assertions.Expect(tab.Page.GetByText("Nothing was deleted")).ToBeVisibleAsync();
        await tab.GoAsync($"/servers/{damaged}");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");
    }

    private static void Damage(WingsProgram program, string server)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(program.Data, "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE OrleansStorage SET PayloadBinary = x'7b22' WHERE GrainTypeString LIKE '%record%' AND CAST(PayloadBinary AS TEXT) LIKE '%' || $server || '%'";
        command.Parameters.AddWithValue("$server", server);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
