using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Servers;

/// <summary>What is tried again at an engine: how soon, for how long, and what a person is told meanwhile. Pure.</summary>
internal static class RetryRule
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>The pause after so many failures in a row, the first included.</summary>
    public static TimeSpan Pause(int failures)
    {
        var doubled = s_first * Math.Pow(2, Math.Clamp(failures, 1, 10) - 1);
        return doubled < s_longest ? doubled : s_longest;
    }

    /// <summary>Whether an engine that answers everybody else, but not this, has been asked long enough. One failure alone is none: it may have taken all the time there is.</summary>
    /// <param name="failures">In a row.</param>
    /// <param name="since">How long ago the first was.</param>
    /// <param name="patience">For how long it is tried.</param>
    public static bool IsOver(int failures, TimeSpan since, TimeSpan patience) => failures > 1 && since >= patience;

    /// <summary>Why nothing has come of it yet, and what happens now: two sentences.</summary>
    /// <param name="failure">What it ended with this time.</param>
    /// <param name="next">A sentence that ends with "when it does" or "until it does".</param>
    public static string Describe(Exception failure, string next) => failure switch
    {
        EngineUnreachableException => $"The Docker engine does not answer. {next}",
        EngineException => $"The Docker engine does not do it: {Sentence(failure.Message)} {next}",
        _ => $"{Sentence(failure.Message)} {next}",
    };

    /// <summary>What is said of a game while the engine does not say whether it still runs: two sentences.</summary>
    /// <param name="failure">What it said instead.</param>
    public static string DescribeUnseen(Exception failure)
        => $"The Docker engine does not say whether the game still runs{(failure is EngineException and not EngineUnreachableException ? $": {Sentence(failure.Message)}" : ".")} It is asked again until it does.";

    /// <summary>Somebody else's words with a full stop behind them.</summary>
    public static string Sentence(string words) => InOneLine(words) is { Length: > 0 } text && text[^1] is not ('.' or '!' or '?') ? $"{text}." : InOneLine(words);

    /// <summary>Somebody else's words within a sentence: runc's come with line breaks in them.</summary>
    public static string InOneLine(string words) => string.Join(' ', words.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
