using OrleansWings.Users;

namespace OrleansWings.Tests.Users;

/// <summary>A fleet's users document in memory: several files over it are several control silos.</summary>
internal sealed class SharedDocument : IUserDocument
{
    public byte[]? Content { get; set; }

    public bool IsAway { get; set; }

    /// <summary>What somebody else does after the next writer has read.</summary>
    public Action? BeforeNextWrite { get; set; }

    public string Name => "the test's";

    public bool IsShared => true;

    public int Reads;

    /// <summary>Holds up whoever reads; null for nobody.</summary>
    public Action? OnRead { get; set; }

    public byte[]? Read()
    {
        Interlocked.Increment(ref Reads);
        OnRead?.Invoke();
        return IsAway ? throw new IOException("away") : Content;
    }

    public bool Write(byte[] content, byte[]? before)
    {
        if (IsAway)
            throw new IOException("away");
        (var interrupt, BeforeNextWrite) = (BeforeNextWrite, null);
        interrupt?.Invoke();
        if (!(Content ?? []).AsSpan().SequenceEqual(before ?? []))
            return false;
        Content = content;
        return true;
    }
}
