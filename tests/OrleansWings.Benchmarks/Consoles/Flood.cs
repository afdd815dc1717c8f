using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansWings.Consoles;

namespace OrleansWings.Benchmarks.Consoles;

/// <summary>The game writes many numbered lines as fast as it can.</summary>
internal static class Flood
{
    public const int Lines = 200_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Lines a second, from the command until the last was read.</summary>
    public static async Task<double> MeasureAsync(ConsoleEnd end)
    {
        var over = end.ExpectAsync("flood over");
        var began = Stopwatch.GetTimestamp();
        await end.TypeAsync(string.Create(CultureInfo.InvariantCulture, $"flood {Lines}"));
        await over.WaitAsync(s_patience);
        return Lines / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>By the numbers that the game wrote, each once and in order.</summary>
    public static int CountLost(IEnumerable<ConsoleBatch> batches, int floods)
    {
        var (found, due) = (0, 1);
        var text = "";
        foreach (var line in batches.SelectMany(batch => batch.Lines()).Where(line => line.Source == ConsoleSource.Game))
        {
            text += Encoding.ASCII.GetString(line.Bytes.Span);
            if (line.IsPartial)
                continue;
            if (text.AsSpan().TrimEnd('\r') is var whole && whole.StartsWith("flood ") && int.TryParse(whole[6..], CultureInfo.InvariantCulture, out var number))
            {
                // The command itself, echoed, looks like the last line.
                if (number == due)
                    (found, due) = (found + 1, due == Lines ? 1 : due + 1);
            }

            text = "";
        }

        return floods * Lines - found;
    }
}
