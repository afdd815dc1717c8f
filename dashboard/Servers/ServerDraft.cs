using System.Text.Json;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>A new server that is not sent yet, as the browser's tab keeps it for a page that is loaded anew.</summary>
/// <param name="Id">What it will be: sent again after an answer that never came, it is the same server.</param>
/// <param name="Form">What was typed.</param>
public sealed record ServerDraft(ServerId Id, ServerFormModel Form)
{
    // As text in a message it may double, and a message of more than 256 KiB ends the circuit (WingsDashboardExtensions).
    private const int MaxLength = 100_000;

    /// <summary>The draft as text; null when it is too long to be kept.</summary>
    public string? Write() => JsonSerializer.Serialize(this) is { Length: <= MaxLength } text ? text : null;

    /// <summary>Reads what a tab kept; null when there is nothing, or it is of another version of the program.</summary>
    public static ServerDraft? Read(string? text)
    {
        if (text is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<ServerDraft>(text) is { Form: { } form } draft && form.IsWhole ? draft : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
