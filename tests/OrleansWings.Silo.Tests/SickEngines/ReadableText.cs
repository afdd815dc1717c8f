namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>Whether a text is one for a person.</summary>
internal static class ReadableText
{
    private static readonly string[] s_machines =
        ["Exception", "   at ", "System.", "Docker.DotNet", "OrleansWings.", "<html", "<body", "LineNumber", "BytePosition", "HResult", "Object reference", "Sequence contains", "Attempted to", "Parameter '", "Nullable", "{\"", "\n", "\r", "\0"];

    public static void Assert(string? text)
    {
        Xunit.Assert.False(string.IsNullOrWhiteSpace(text), "Nothing was said.");
        foreach (var sign in s_machines)
            Xunit.Assert.DoesNotContain(sign, text, StringComparison.Ordinal);
        Xunit.Assert.True(text.Length < 500, $"{text.Length} characters: {text}");
        Xunit.Assert.DoesNotContain("..", text, StringComparison.Ordinal);
        Xunit.Assert.True(text[^1] is '.' or '%', $"No sentence: {text}");
    }
}
