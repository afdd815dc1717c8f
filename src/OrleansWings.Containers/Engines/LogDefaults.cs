namespace OrleansWings.Containers.Engines;

/// <summary>
/// What the engine's own log is set to. It is only the buffer from which output is joined that came while our program was down,
/// so it is lossless ("blocking"), raw ("local"), small, and not compressed (rotation would cost the game's CPU time).
/// </summary>
public static class LogDefaults
{
    public const string Driver = "local";

    public static IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["max-size"] = "16m",
        ["max-file"] = "2",
        ["compress"] = "false",
        ["mode"] = "blocking",
    };
}
