namespace OrleansWings.Containers.Usages;

/// <summary>A process's view of its network devices: /proc/PID/net/dev.</summary>
internal sealed class NetworkFile
{
    private readonly string? _path;

    public NetworkFile(string procRoot, int processId)
    {
        // With the host's network the numbers would be those of the whole machine.
        _path = IsMachines(procRoot, processId) ? null : Path.Combine(procRoot, $"{processId}", "net/dev");
    }

    /// <summary>Whether a process has the machine's own network.</summary>
    public static bool IsMachines(string procRoot, int processId) => NamespaceOf(procRoot, $"{processId}") is { } own && own == NamespaceOf(procRoot, "1");

    /// <summary>Bytes over all devices but the loopback.</summary>
    public (long Received, long Sent) Read(Span<byte> buffer)
    {
        long received = 0, sent = 0;
        var text = _path is null ? [] : KernelFile.Read(_path, buffer);
        while (!text.IsEmpty)
        {
            var line = KernelFile.TakeLine(ref text);
            var colon = line.IndexOf((byte)':');
            if (colon < 0 || line[..colon].Trim((byte)' ').SequenceEqual("lo"u8))
                continue;

            line = line[(colon + 1)..];
            received += KernelFile.Number(KernelFile.TakeWord(ref line)) ?? 0;
            for (var skipped = 0; skipped < 7; skipped++) // packets, errs, drop, fifo, frame, compressed, multicast
                KernelFile.TakeWord(ref line);
            sent += KernelFile.Number(KernelFile.TakeWord(ref line)) ?? 0;
        }

        return (received, sent);
    }

    private static string? NamespaceOf(string procRoot, string process)
    {
        try
        {
            return new FileInfo(Path.Combine(procRoot, process, "ns/net")).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
