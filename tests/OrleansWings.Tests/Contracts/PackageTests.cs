using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace OrleansWings.Tests.Contracts;

/// <summary>What somebody gets who has the two packages and nothing else: the program of the README, built from them, runs.</summary>
public sealed partial class PackageTests
{
    private static readonly string[] s_packages = ["OrleansWings.Abstractions", "OrleansWings.Client"];

    [Fact]
    public async Task The_program_of_the_packages_README_is_built_from_the_packages_alone_and_says_what_it_needs()
    {
        using var folder = new TemporaryFolder();
        var version = $"0.0.0-test{Guid.NewGuid():N}";
        var packages = Path.Combine(folder.Path, "packages");
        try
        {
            foreach (var package in s_packages)
                await RunAsync("/", "pack", Repository.PathOf($"src/{package}"), "-c", "Release", "--no-build", "-o", packages, $"-p:PackageVersion={version}");
            Assert.Equal(s_packages.Select(package => $"{package}.{version}.nupkg"), Directory.EnumerateFiles(packages).Select(Path.GetFileName).Order());
            foreach (var package in s_packages)
                CheckContent(Path.Combine(packages, $"{package}.{version}.nupkg"), package);

            var panel = Path.Combine(folder.Path, "panel");
            WriteProgram(panel, version);
            await RunAsync(panel, "build", "-c", "Release", "-warnaserror");
            var (code, said) = await TryAsync(panel, "bin/Release/net10.0/panel.dll");

            Assert.NotEqual(0, code);
            Assert.Contains("WINGS_REDIS: it is missing.", said, StringComparison.Ordinal);
            Assert.Contains("WINGS_CERTIFICATES: it is missing.", said, StringComparison.Ordinal);
        }
        finally
        {
            // A restore keeps what it unpacked, for ever.
            foreach (var package in s_packages)
            {
                var kept = Path.Combine(PackagesFolder, package.ToLowerInvariant(), version);
                if (Directory.Exists(kept))
                    Directory.Delete(kept, recursive: true);
            }
        }
    }

    private static string PackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } own ? own
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // The README and the comments of every member are what its reader has.
    private static void CheckContent(string file, string package)
    {
        using var archive = ZipFile.OpenRead(file);
        var names = archive.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("README.md", names);
        Assert.Contains($"lib/net10.0/{package}.dll", names);
        Assert.Contains($"lib/net10.0/{package}.xml", names);
    }

    private static void WriteProgram(string folder, string version)
    {
        Directory.CreateDirectory(folder);
        var readme = File.ReadAllText(Repository.PathOf("src/OrleansWings.Client/README.md"));
        File.WriteAllText(Path.Combine(folder, "Program.cs"), CodePattern().Match(readme).Groups[1].Value);
        // Besides the sources that this machine has.
        File.WriteAllText(Path.Combine(folder, "nuget.config"), """<configuration><packageSources><add key="made" value="../packages" /></packageSources></configuration>""");
        File.WriteAllText(Path.Combine(folder, "panel.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OrleansWings.Client" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
    }

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        var (code, said) = await TryAsync(folder, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}: {said}");
    }

    private static async Task<(int Code, string Said)> TryAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // A shell's settings would have the program connect.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("WINGS_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var end = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, string.Concat(said));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodePattern();
}
