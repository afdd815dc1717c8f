using OrleansWings.Silo.Images;

namespace OrleansWings.Silo.Tests.Images;

public sealed class RegistryFileTests
{
    [Fact]
    public void Parse_SeveralRegistries_GivesEachItsLogin()
    {
        var file = RegistryFile.Parse("""
            {
              // Ours.
              "Registry.example.com:5000": { "username": "player", "password": "secret" },
              "index.docker.io": { "username": "hub", "password": "other" },
            }
            """);

        Assert.Empty(file.Faults);
        Assert.Equal(["docker.io hub other", "registry.example.com:5000 player secret"], file.Logins.Values.Select(login => $"{login.Registry} {login.UserName} {login.Password}").Order());
    }

    [Theory]
    [InlineData("", "It is not JSON: line 1 cannot be read.")]
    [InlineData("{\n\"a.b\": \"secret", "It is not JSON: line 2 cannot be read.")]
    [InlineData("[]", "It has no object with registries in it.")]
    [InlineData("""{ "https://a.b": { "username": "u", "password": "secret" } }""", "'https://a.b' is not a registry's host: write it without a scheme and a path, for example registry.example.com or registry.example.com:5000.")]
    [InlineData("""{ "a.b/games": { "username": "u", "password": "secret" } }""", "'a.b/games' is not a registry's host: write it without a scheme and a path, for example registry.example.com or registry.example.com:5000.")]
    [InlineData("""{ "a.b": { "username": "", "password": "secret" } }""", "'a.b' needs a username and a password, both texts that are not empty.")]
    [InlineData("""{ "a.b": { "username": "u", "password": 7 } }""", "'a.b' needs a username and a password, both texts that are not empty.")]
    [InlineData("""{ "a.b": "secret" }""", "'a.b' needs a username and a password, both texts that are not empty.")]
    [InlineData("""{ "a.b": { "username": "u", "password": "secret" }, "A.b": { "username": "u", "password": "secret" } }""", "'A.b' is there twice.")]
    public void Parse_AFault_IsSaidWithoutThePassword(string text, string fault)
    {
        Assert.Equal(fault, Assert.Single(RegistryFile.Parse(text).Faults));
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }
}
