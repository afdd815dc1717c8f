using System.Globalization;
using System.Text;

namespace OrleansWings.Testing.Engines;

/// <summary>The same game as in the tests' image (tests/engine/image/game), so that one set of tests fits both.</summary>
public static class FakeGame
{
    public static async Task<int> RunAsync(FakeTerminal terminal)
    {
        terminal.OnSignal = signal => signal is "SIGINT" ? 130 : signal is "SIGTERM" ? 143 : null;
        await terminal.WriteLineAsync("Starting game ");
        if (terminal.Spec.Environment.TryGetValue("GAME_DELAY", out var delay))
            await terminal.DelayAsync(TimeSpan.FromSeconds(double.Parse(delay, CultureInfo.InvariantCulture)));
        await terminal.WriteLineAsync("Done (0.1s)! For help, type \"help\"");

        while (true)
        {
            var line = await terminal.ReadLineAsync();
            var (word, rest) = line.Split(' ', 2) is [var first, var others] ? (first, others) : (line, "");
            switch (word)
            {
                case "stop":
                    await terminal.WriteLineAsync("Stopping the server");
                    return 0;
                case "crash":
                    await terminal.WriteLineAsync("Crashing");
                    return rest.Length == 0 ? 1 : int.Parse(rest, CultureInfo.InvariantCulture);
                case "oom":
                    return await terminal.RunOutOfMemoryAsync();
                default:
                    await AnswerAsync(terminal, word, rest);
                    break;
            }
        }
    }

    private static async Task AnswerAsync(FakeTerminal terminal, string word, string rest)
    {
        switch (word)
        {
            case "flood":
                await FloodAsync(terminal, int.Parse(rest, CultureInfo.InvariantCulture));
                await terminal.WriteLineAsync("flood over");
                break;
            case "long":
                await terminal.WriteLineAsync(new string('x', int.Parse(rest, CultureInfo.InvariantCulture)));
                await terminal.WriteLineAsync("long over");
                break;
            case "raw":
                await terminal.WriteAsync((byte[])[.. "raw "u8, 0xFF, 0xFE, 0x80, .. " caf"u8, 0xE9, .. "\r\n"u8]);
                break;
            case "prompt":
                await terminal.WriteAsync("name? ");
                await terminal.WriteLineAsync($"hello {await terminal.ReadLineAsync()}");
                break;
            case "ignore":
                terminal.OnSignal = _ => null;
                await terminal.WriteLineAsync("ignoring signals");
                break;
            default:
                await terminal.WriteLineAsync($"Unknown command: {word} {rest}");
                break;
        }
    }

    private static async Task FloodAsync(FakeTerminal terminal, int lines)
    {
        var block = new StringBuilder();
        for (var line = 1; line <= lines; line++)
        {
            block.Append(CultureInfo.InvariantCulture, $"flood {line}\r\n");
            if (block.Length < 32 * 1024 && line < lines)
                continue;

            await terminal.WriteAsync(block.ToString());
            block.Clear();
        }
    }
}
