using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace OrleansWings.Containers.Usages;

/// <summary>Reads and picks apart the kernel's small text files without making strings: they are read hundreds of times a second.</summary>
internal static class KernelFile
{
    /// <summary>Reads a whole file into the buffer; empty when it cannot be read.</summary>
    public static ReadOnlySpan<byte> Read(string path, Span<byte> buffer)
    {
        try
        {
            using var file = Open(path);
            return Read(file, buffer);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // gone, or not for us: the same to the caller
        }
    }

    public static SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads an open one from its beginning; the kernel makes its text anew.</summary>
    /// <exception cref="IOException">It cannot be read: a group's files go with the group.</exception>
    public static ReadOnlySpan<byte> Read(SafeFileHandle file, Span<byte> buffer)
    {
        var length = 0;
        int read;
        while (length < buffer.Length && (read = RandomAccess.Read(file, buffer[length..], length)) > 0)
            length += read;
        return buffer[..length];
    }

    /// <summary>The number at the start; null when there is none ("max", an unreadable file).</summary>
    public static long? Number(ReadOnlySpan<byte> text)
        => Utf8Parser.TryParse(text, out ulong value, out var length) && length > 0 ? (long)Math.Min(value, long.MaxValue) : null;

    /// <summary>The value of a "key value" line; null when there is no such line.</summary>
    public static long? Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (!text.IsEmpty)
        {
            var line = TakeLine(ref text);
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key))
                return Number(line[(key.Length + 1)..]);
        }

        return null;
    }

    public static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> text) => Take(ref text, (byte)'\n');

    /// <summary>The next word, spaces before it skipped.</summary>
    public static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart((byte)' ');
        return Take(ref line, (byte)' ');
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> text, byte separator)
    {
        var end = text.IndexOf(separator);
        var part = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return part;
    }
}
