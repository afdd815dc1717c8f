namespace OrleansWings.Silo.Servers;

/// <summary>How long to wait before the next try of something that failed or was not answered.</summary>
internal static class Backoff
{
    private static readonly int[] s_seconds = [1, 2, 5, 10, 30, 60];

    /// <summary>The pause after so many tries, the first included.</summary>
    public static TimeSpan After(int tries) => TimeSpan.FromSeconds(s_seconds[Math.Clamp(tries, 1, s_seconds.Length) - 1]);
}
