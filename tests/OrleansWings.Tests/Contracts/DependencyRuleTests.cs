using System.Xml.Linq;

namespace OrleansWings.Tests.Contracts;

/// <summary>docs: design.md, "Dependency rule". A reference that is not listed here is a decision, not a detail.</summary>
public sealed class DependencyRuleTests
{
    [Theory]
    [InlineData("src/OrleansWings.Abstractions", "")]
    [InlineData("src/OrleansWings.Containers", "")]
    [InlineData("src/OrleansWings.Client", "OrleansWings.Abstractions")]
    [InlineData("src/OrleansWings.Silo", "OrleansWings.Abstractions OrleansWings.Client OrleansWings.Containers")]
    [InlineData("tests/OrleansWings.Panel", "OrleansWings.Client")]
    [InlineData("dashboard", "OrleansWings.Abstractions")]
    [InlineData("src/OrleansWings", "OrleansWings.Abstractions OrleansWings.Containers OrleansWings.Dashboard OrleansWings.Silo")]
    public void Project_References_AreTheAllowedOnes(string folder, string allowed)
    {
        var references = Read(folder, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order();

        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries), references);
    }

    [Theory]
    [InlineData("src/OrleansWings.Abstractions", "Microsoft.Orleans.Sdk")]
    [InlineData("src/OrleansWings.Containers", "Docker.DotNet.Enhanced")]
    public void Project_Packages_AreTheAllowedOnes(string folder, string allowed)
        => Assert.Equal([allowed], Read(folder, "PackageReference"));

    [Theory]
    [InlineData("src/OrleansWings.Client")]
    [InlineData("src/OrleansWings.Silo")]
    [InlineData("src/OrleansWings")]
    [InlineData("dashboard")]
    public void Project_KnowsDocker_OnlyContainersDoes(string folder)
    {
        Assert.DoesNotContain(Read(folder, "PackageReference"), package => package.StartsWith("Docker.", StringComparison.Ordinal));
        Assert.DoesNotContain(SourceFiles(folder), file => File.ReadAllText(file).Contains("using Docker.", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Read(string folder, string element)
    {
        var project = Directory.GetFiles(Repository.PathOf(folder), "*.csproj").Single();
        return XDocument.Load(project).Descendants(element).Attributes("Include").Select(attribute => attribute.Value);
    }

    private static IEnumerable<string> SourceFiles(string folder)
        => Directory.EnumerateFiles(Repository.PathOf(folder), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Where(file => !file.Contains("/obj/") && !file.Contains("/node_modules/"));
}
