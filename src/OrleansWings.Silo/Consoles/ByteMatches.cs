namespace OrleansWings.Silo.Consoles;

/// <summary>Finds all overlaps of two byte strings in linear time (Knuth, Morris, Pratt), however repetitive they are.</summary>
internal static class ByteMatches
{
    /// <summary>
    /// Calls back for each place of the text where the whole pattern ends, then for each end of the text that is a
    /// beginning of the pattern.
    /// </summary>
    /// <param name="text">Where to look.</param>
    /// <param name="pattern">What for; not empty.</param>
    /// <param name="whole">Gets the place after a whole match.</param>
    /// <param name="beginning">Gets the length of a beginning of the pattern, the longest first, with which the text ends.</param>
    public static void Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern, Action<int> whole, Action<int> beginning)
    {
        var shorter = Borders(pattern);
        var matched = 0;
        for (var i = 0; i < text.Length; i++)
        {
            while (matched > 0 && (matched == pattern.Length || pattern[matched] != text[i]))
                matched = shorter[matched - 1];
            if (pattern[matched] == text[i])
                matched++;
            if (matched == pattern.Length)
                whole(i + 1);
        }

        for (; matched > 0; matched = shorter[matched - 1])
            beginning(matched);
    }

    private static int[] Borders(ReadOnlySpan<byte> pattern)
    {
        var borders = new int[pattern.Length];
        var length = 0;
        for (var i = 1; i < pattern.Length; i++)
        {
            while (length > 0 && pattern[i] != pattern[length])
                length = borders[length - 1];
            if (pattern[i] == pattern[length])
                length++;
            borders[i] = length;
        }

        return borders;
    }
}
