using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Images;

/// <summary>The file with the logins of registries, as read: pure. A fault never repeats a password.</summary>
/// <param name="Logins">By the registry's host.</param>
/// <param name="Faults">What is wrong, each a sentence; empty when nothing is.</param>
public sealed partial record RegistryFile(ImmutableDictionary<string, RegistryCredentials> Logins, ImmutableArray<string> Faults)
{
    private static readonly JsonDocumentOptions s_options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Nothing in it.</summary>
    public static RegistryFile Empty { get; } = new(ImmutableDictionary<string, RegistryCredentials>.Empty, []);

    /// <summary>Reads <c>{ "registry.example.com:5000": { "username": "…", "password": "…" } }</c>.</summary>
    public static RegistryFile Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : Empty with { Faults = ["It has no object with registries in it."] };
        }
        catch (JsonException e)
        {
            // Its own words quote the text, which may be a password.
            return Empty with { Faults = [$"It is not JSON: line {(e.LineNumber ?? 0) + 1} cannot be read."] };
        }
    }

    private static RegistryFile Read(JsonElement root)
    {
        var logins = ImmutableDictionary.CreateBuilder<string, RegistryCredentials>(StringComparer.Ordinal);
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var registry in root.EnumerateObject())
        {
            var host = ImageRegistry.Normalize(registry.Name);
            if (!HostPattern().IsMatch(host))
                faults.Add($"'{registry.Name}' is not a registry's host: write it without a scheme and a path, for example registry.example.com or registry.example.com:5000.");
            else if (registry.Value.ValueKind != JsonValueKind.Object || Word(registry.Value, "username") is not { } user || Word(registry.Value, "password") is not { } password)
                faults.Add($"'{registry.Name}' needs a username and a password, both texts that are not empty.");
            else if (!logins.TryAdd(host, new RegistryCredentials(host, user, password)))
                faults.Add($"'{registry.Name}' is there twice.");
        }

        return new RegistryFile(logins.ToImmutable(), faults.ToImmutable());
    }

    private static string? Word(JsonElement login, string name)
        => login.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"\A(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?\z")]
    private static partial Regex HostPattern();
}
