using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Images;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Images;

public sealed class RegistryLoginsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "registries.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_ByExactHost_GivesNoOtherThePassword()
    {
        Write("secret");
        var logins = Logins(File);

        Assert.Equal("secret", logins.Find("registry.example.com/games/a:1")?.Password);
        foreach (var stranger in (string[])["registry.example.com.evil.net/a", "registry.example.com:5000/a", "registry.example.co/a", "debian:12"])
            Assert.Null(logins.Find(stranger));
    }

    [Fact]
    public void Find_AfterTheFileChanged_GivesTheNewOneAndADamagedFileChangesNothing()
    {
        Write("first");
        var logins = Logins(File);
        Assert.Equal("first", logins.Find("registry.example.com/a")?.Password);

        Write("the second");
        Assert.Equal("the second", logins.Find("registry.example.com/a")?.Password);

        System.IO.File.WriteAllText(File, "{");
        Assert.Equal("the second", logins.Find("registry.example.com/a")?.Password);
        System.IO.File.Delete(File);
        Assert.Equal("the second", logins.Find("registry.example.com/a")?.Password);
    }

    [Fact]
    public void Find_NoFileSet_IsNone() => Assert.Null(Logins(null).Find("registry.example.com/a"));

    private void Write(string password) => System.IO.File.WriteAllText(File, $$"""{ "registry.example.com": { "username": "player", "password": "{{password}}" } }""");

    private static RegistryLogins Logins(string? file) => new(new DockerHostOptions { RegistriesFile = file }, NullLogger<RegistryLogins>.Instance);
}
