namespace OrleansWings.EndToEnd.Tests.Settings;

/// <summary>Images of a private registry, with the login that the operator set, without one, with a wrong one, and with the registry gone.</summary>
public sealed class RegistryTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task A_private_image_is_pulled_with_the_login_of_exactly_its_registry()
    {
        var registry = Own(await PrivateRegistry.StartAsync(28_510, CancellationToken.None));
        var image = await registry.PushAsync(RealEngine.Image, "games/test:1", CancellationToken.None);
        Own(new Leftover(Docker, image));
        var program = await StartProgramAsync();
        await program.InterruptAsync();
        var file = Path.Combine(program.Data, "registries.json");
        // By the beginning of the image's name, as the peer chooses, this one would be sent.
        await WriteAsync(registry.Address[..^1]);
        program.Set("WINGS_REGISTRIES_FILE", file);
        await program.StartAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Private", Image = image });
        var history = tab.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "History" });

        await page.PressAsync("Start");
        await page.WaitForLineAsync("the registry asks for a user name and password, and none is set for it");
        await page.WaitForStateAsync("Offline");

        await WriteAsync(registry.Address, "guessed");
        await page.PressAsync("Start");
        await page.WaitForLineAsync("the registry does not accept the user name or password");
        await page.WaitForStateAsync("Offline");

        await WriteAsync(registry.Address);
        await page.StartAsync();
        await page.WaitForLineAsync($"The image {image} is up to date.");
        await Assertions.Expect(history).ToContainTextAsync($"The image {image} is pulled.");
        await Assertions.Expect(history).ToContainTextAsync($"The image {image} is up to date.");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");

        await registry.DisposeAsync();
        await page.StartAsync();
        await page.WaitForLineAsync("the registry does not answer. The copy that is on this host is used.");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");

        Task WriteAsync(string host, string? password = null) => File.WriteAllTextAsync(
            file, $$"""{ "{{host}}": { "username": "{{registry.Credentials.UserName}}", "password": "{{password ?? registry.Credentials.Password}}" } }""");
    }

    // After the program, whose container is made of it.
    private sealed class Leftover(DockerCommand docker, string image) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await docker.RunAsync("rmi", "-f", image);
    }
}
