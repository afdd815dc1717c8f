namespace OrleansWings.Settings;

/// <summary>A secret in a file that a setting names.</summary>
internal static class SecretFile
{
    /// <summary>
    /// What stands in the file, without line breaks at its end: editors and <c>echo</c> leave them there. Null when the setting is not set
    /// or the file cannot be read; that is then a fault.
    /// </summary>
    public static string? Read(SettingSource source, string name)
    {
        if (source.Get(name) is not { } file)
            return null;
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            source.Fault(name, $"'{file}' cannot be read: {e.Message}");
            return null;
        }
    }
}
