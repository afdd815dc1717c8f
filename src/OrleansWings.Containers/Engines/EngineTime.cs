using System.Globalization;
using System.Text;

namespace OrleansWings.Containers.Engines;

/// <summary>The engine's times: RFC 3339 with up to nine digits of a second, in UTC or with an offset. Kept to 100 ns.</summary>
internal static class EngineTime
{
    private const int SecondsLength = 19; // 2026-01-31T12:00:00

    /// <summary>Null for the engine's "never", the year 1.</summary>
    public static DateTimeOffset? Parse(string? text)
        => text is not null && TryParse(Encoding.ASCII.GetBytes(text), out var value, out _) && value.Year > 1 ? value : null;

    /// <summary>Seconds since 1970 with their fraction, as queries want it; cut, never rounded up, so that "since" loses nothing.</summary>
    public static string ToQuery(DateTimeOffset value)
    {
        var ticks = value.UtcTicks - DateTime.UnixEpoch.Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond:0000000}00");
    }

    /// <summary>Reads a time at the start of the bytes; length is how many it took.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset value, out int length)
    {
        value = default;
        length = 0;
        if (text.Length <= SecondsLength || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;

        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second))
        {
            return false;
        }

        if (year is < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;

        var at = SecondsLength;
        long fraction = 0;
        if (text[at] == '.')
        {
            var scale = TimeSpan.TicksPerSecond;
            for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
                fraction += (text[at] - '0') * (scale /= 10);
        }

        if (!TryOffset(text[at..], out var offset, out var offsetLength))
            return false;

        length = at + offsetLength;
        var ticks = new DateTime(year, month, day, hour, minute, second).Ticks + fraction - offset.Ticks;
        value = new DateTimeOffset(Math.Max(ticks, 0), TimeSpan.Zero);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset, out int length)
    {
        offset = default;
        length = 1;
        if (text.IsEmpty)
            return false;

        if (text[0] == 'Z')
            return true;

        if (text.Length < 6 || text[0] is not ((byte)'+' or (byte)'-') || !TryDigits(text[1..3], out var hours) || !TryDigits(text[4..6], out var minutes))
            return false;

        length = 6;
        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;

            value = value * 10 + digit - '0';
        }

        return true;
    }
}
