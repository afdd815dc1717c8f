using System.Collections;
using System.Collections.Immutable;

namespace OrleansWings.Settings;

/// <summary>What the settings' defaults depend on; given by hand in tests.</summary>
internal sealed record WingsMachine
{
    public required string MachineName { get; init; }

    public required bool IsRoot { get; init; }

    public required string HomeFolder { get; init; }

    public required ImmutableDictionary<string, string> Environment { get; init; }

    public static WingsMachine Current() => new()
    {
        MachineName = System.Environment.MachineName,
        IsRoot = System.Environment.IsPrivilegedProcess,
        HomeFolder = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile),
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToImmutableDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""),
    };
}
