using System.Diagnostics;
using System.Globalization;

namespace OrleansWings.Benchmarks.Consoles;

/// <summary>Types a command and waits for the terminal's echo of it.</summary>
internal static class RoundTrip
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static int s_number;

    public static async Task<TimeSpan> MeasureAsync(ConsoleEnd end)
    {
        // The number's width is fixed: no text is the beginning of another.
        var command = string.Create(CultureInfo.InvariantCulture, $"ping {++s_number:000000}");
        var echo = end.ExpectAsync(command);
        var began = Stopwatch.GetTimestamp();
        await end.TypeAsync(command);
        await echo.WaitAsync(s_patience);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Some in a row, with pauses: the game answers each too, and that must be over.</summary>
    public static async Task MeasureAsync(ConsoleEnd end, int count, Samples samples)
    {
        for (var i = 0; i < count; i++)
        {
            samples.Add(await MeasureAsync(end));
            await Task.Delay(15);
        }
    }
}
