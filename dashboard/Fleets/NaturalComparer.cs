namespace OrleansWings.Dashboard.Fleets;

/// <summary>Orders names as people do: "lobby 2" before "lobby 10", capitals beside small letters.</summary>
public sealed class NaturalComparer : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static NaturalComparer Instance { get; } = new();

    /// <inheritdoc />
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (a.Length > 0 && b.Length > 0)
        {
            int order;
            if (char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]))
            {
                var left = TakeNumber(ref a);
                var right = TakeNumber(ref b);
                order = left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.CompareTo(right, StringComparison.Ordinal);
            }
            else
            {
                order = char.ToUpperInvariant(a[0]).CompareTo(char.ToUpperInvariant(b[0]));
                a = a[1..];
                b = b[1..];
            }

            if (order != 0)
                return order;
        }

        return a.Length.CompareTo(b.Length) is var rest and not 0 ? rest : string.CompareOrdinal(x, y);
    }

    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var number = end < 0 ? text : text[..end];
        text = text[number.Length..];
        return number.TrimStart('0');
    }
}
