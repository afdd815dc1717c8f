using OrleansWings.Servers;

namespace OrleansWings.Tests.Contracts;

/// <summary>
/// Names and numbers that other processes, older and newer ones, read. Adding is free; a line that changes or goes breaks
/// them. wire-contract.txt is the list.
/// </summary>
public sealed class WireContractTests
{
    [Fact]
    public void Abstractions_Wire_IsAsFrozen()
    {
        var file = Repository.PathOf("tests", "OrleansWings.Tests", "Contracts", "wire-contract.txt");
        var frozen = File.Exists(file) ? File.ReadAllLines(file) : [];
        var actual = WireContract.Describe(typeof(ServerId).Assembly).ToArray();
        if (Environment.GetEnvironmentVariable("WINGS_TEST_UPDATE_CONTRACT") == "1")
            File.WriteAllLines(file, actual);

        var gone = frozen.Except(actual).ToArray();
        var added = actual.Except(frozen).ToArray();

        Assert.True(gone.Length == 0 && added.Length == 0, $"""
            The wire contract is not what tests/OrleansWings.Tests/Contracts/wire-contract.txt says.

            Gone or changed ({gone.Length}), which breaks every process of another version: put it back, and add beside it instead.
              {string.Join("\n  ", gone)}
            New ({added.Length}), which is allowed: run the test once with WINGS_TEST_UPDATE_CONTRACT=1 and commit the file.
              {string.Join("\n  ", added)}
            """);
    }

    [Fact]
    public void Abstractions_EveryInterfaceMethodAndMember_HasANameOrNumber()
        => Assert.Empty(WireContract.FindUnnamed(typeof(ServerId).Assembly));

    [Fact]
    public void Abstractions_Aliases_AreUnique()
    {
        var aliases = WireContract.TypesOf(typeof(ServerId).Assembly).Select(WireContract.AliasOf).OfType<string>().ToArray();

        Assert.Equal(aliases.Distinct().Order(), aliases.Order());
    }
}
