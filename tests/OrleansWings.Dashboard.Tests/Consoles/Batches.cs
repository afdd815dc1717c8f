using System.Buffers;
using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Consoles;

/// <summary>Console records by hand.</summary>
internal static class Batches
{
    public static readonly ServerId Server = new(new Guid(7, 0, 0, new byte[8]));
    public static readonly DateTimeOffset At = new(2026, 11, 23, 14, 3, 22, TimeSpan.Zero);

    public static ConsoleLine Line(int run, long sequence, string text, ConsoleSource source = ConsoleSource.Game, ConsoleFlags flags = ConsoleFlags.None)
        => new(new ConsolePosition(run, sequence), At, source, flags, Encoding.UTF8.GetBytes(text));

    /// <summary>Records "line N" from a place on.</summary>
    public static ConsoleBatch Batch(int run, long first, int count, int size = 0)
    {
        var writer = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
            ConsoleRecordCodec.Write(writer, At, ConsoleSource.Game, ConsoleFlags.None, Encoding.UTF8.GetBytes($"line {first + i}".PadRight(size)));
        return new ConsoleBatch { Server = Server, First = new ConsolePosition(run, first), Count = count, Records = writer.WrittenMemory };
    }

    /// <summary>A terminal's bytes without the colours.</summary>
    public static string Plain(ReadOnlySpan<byte> bytes)
        => System.Text.RegularExpressions.Regex.Replace(Encoding.UTF8.GetString(bytes), "\e\\[[0-9;?]*[ -/]*[a-zA-Z]", "");
}
