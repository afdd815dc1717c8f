namespace OrleansWings.Client.Settings;

/// <summary>A panel's settings cannot be used.</summary>
/// <param name="faults">Each a sentence that begins with the setting's name.</param>
public sealed class ClientSettingsException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    /// <summary>Every fault, each a sentence that begins with the setting's name.</summary>
    public IReadOnlyList<string> Faults => faults;
}
