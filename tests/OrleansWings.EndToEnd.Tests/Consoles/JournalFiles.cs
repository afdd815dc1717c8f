using System.Globalization;
using System.Text;
using OrleansWings.Consoles;

namespace OrleansWings.EndToEnd.Tests.Consoles;

/// <summary>The files of a server's journal, read without the program.</summary>
internal static class JournalFiles
{
    /// <summary>The records of a run, checked to be numbered without a hole.</summary>
    public static List<ConsoleLine> Read(WingsProgram program, string server, int run)
    {
        var lines = new List<ConsoleLine>();
        var folder = Path.Combine(program.Data, "consoles", server, run.ToString(CultureInfo.InvariantCulture));
        foreach (var file in Directory.GetFiles(folder, "*.log").OrderBy(FirstOf))
        {
            Assert.Equal(lines.Count + 1, FirstOf(file));
            ReadOnlyMemory<byte> rest = File.ReadAllBytes(file);
            while (ConsoleRecordCodec.SizeOf(rest.Span) is > 0 and var size)
            {
                lines.Add(ConsoleRecordCodec.Read(rest, size, new ConsolePosition(run, lines.Count + 1)));
                rest = rest[size..];
            }

            Assert.Equal(0, rest.Length);
        }

        return lines;
    }

    /// <summary>What the game said, as the terminal shows it.</summary>
    public static string Text(IEnumerable<ConsoleLine> lines)
        => string.Concat(lines.Where(line => line.Source == ConsoleSource.Game).Select(line => Encoding.UTF8.GetString(line.Bytes.Span) + (line.IsPartial ? "" : "\n")));

    private static long FirstOf(string file) => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture);
}
