using System.Runtime.CompilerServices;

namespace OrleansWings.Testing.Clusters;

/// <summary>Waits for a condition with a generous limit, and says what was last seen when it never came.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer fits.</summary>
    /// <exception cref="TimeoutException">It never did; the message has the condition and the last answer.</exception>
    /// <param name="ask">Asked again and again.</param>
    /// <param name="fits">Whether the answer is the one that is waited for.</param>
    /// <param name="patience">How long it may take; null for two minutes.</param>
    /// <param name="condition">The condition's own text.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> fits, TimeSpan? patience = null, [CallerArgumentExpression(nameof(fits))] string condition = "")
    {
        using var limit = new CancellationTokenSource(patience ?? s_limit);
        T answer;
        do
        {
            answer = await ask();
            if (fits(answer))
                return answer;
            await Task.Delay(s_pause, CancellationToken.None);
        }
        while (!limit.IsCancellationRequested);
        throw new TimeoutException($"'{condition}' did not come true in {(patience ?? s_limit).TotalSeconds} s. Last seen: {Shorten($"{answer}")}");
    }

    // A page's whole text, say, would drown the log that is read after a failure.
    private static string Shorten(string text) => text.Length <= 2_000 ? text : $"{text[..2_000]}… ({text.Length} characters)";

    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
        => GetAsync(() => Task.FromResult(condition()), isTrue => isTrue, condition: text);
}
