using System.Text.Json;

namespace OrleansWings.Settings;

/// <summary>The settings as typed, from the environment and the settings file, and the faults found so far.</summary>
internal sealed class SettingSource
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    public SettingSource(WingsMachine machine)
    {
        foreach (var (name, value) in machine.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(SettingNames.Prefix, StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith(SettingNames.TestPrefix, StringComparison.Ordinal))
                Take(name, value, where: null);
        }

        if (Get(SettingNames.Config) is { } file)
            ReadFile(file);
    }

    /// <summary>One sentence per fault, each beginning with the name that the user typed.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>A setting as typed; null when it is not set.</summary>
    public string? Get(string name) => _values.GetValueOrDefault(name);

    public void Fault(string name, string message) => _faults.Add($"{name}: {message}");

    private void Take(string name, string value, string? where)
    {
        if (!SettingNames.All.Contains(name))
        {
            var meant = SettingNames.Nearest(name) is { } nearest ? $" Did you mean {nearest}?" : "";
            Fault(name, $"this is not a setting{where}.{meant}");
        }
        else if (string.IsNullOrWhiteSpace(value))
        {
            Fault(name, $"it is empty{where}. Leave it out for its default.");
        }
        else
        {
            // The environment was read first and wins.
            _values.TryAdd(name, value);
        }
    }

    private void ReadFile(string file)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), options);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                Fault(SettingNames.Config, $"'{file}' is not a JSON object of settings.");
                return;
            }

            foreach (var member in json.RootElement.EnumerateObject())
                TakeMember(file, member);
        }
        catch (JsonException e)
        {
            Fault(SettingNames.Config, $"'{file}' is not JSON (line {e.LineNumber + 1}).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault(SettingNames.Config, $"'{file}' cannot be read: {e.Message}");
        }
    }

    private void TakeMember(string file, JsonProperty member)
    {
        var where = $" (in {file})";
        if (member.Name == SettingNames.Config)
            Fault(member.Name, $"a settings file cannot name another one{where}.");
        else if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            Take(member.Name, member.Value.ToString(), where);
        else
            Fault(member.Name, $"its value must be a text, a number, true or false{where}.");
    }
}
