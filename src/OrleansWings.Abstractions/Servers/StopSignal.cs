using System.Globalization;

namespace OrleansWings.Servers;

/// <summary>Signals as people write them: "SIGINT", "int", "2" or "^C".</summary>
public static class StopSignal
{
    private static readonly string[] s_names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
        "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>Reads a signal.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="signal">The name Docker takes on every version ("SIGINT"), or a number for real-time signals ("34" to "64").</param>
    public static bool TryParse(string? text, out string signal)
    {
        signal = "";
        var word = (text ?? "").Trim().ToUpperInvariant();
        if (word is "^C")
            word = "SIGINT";
        else if (word is "^\\")
            word = "SIGQUIT";
        else if (word is "^Z")
            word = "SIGTSTP";

        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            signal = number is >= 1 and < 32 ? s_names[number] : number is >= 34 and <= 64 ? word : "";
        else if (word.Length > 0)
            signal = s_names.FirstOrDefault(name => name == word || name == "SIG" + word && name.Length > 0) ?? "";
        return signal.Length > 0;
    }
}
