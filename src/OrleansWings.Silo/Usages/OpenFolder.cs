namespace OrleansWings.Silo.Usages;

/// <summary>An open folder, gone through entry by entry. It closes it.</summary>
internal sealed class OpenFolder(int handle) : IDisposable
{
    private const int EntriesSize = 32 * 1024;
    private const int NameOffset = 19;

    private readonly byte[] _entries = new byte[EntriesSize];
    private int _next;
    private int _end;
    private int _name;

    /// <summary>For <see cref="FileCall"/>.</summary>
    public int Handle => handle;

    /// <summary>The present entry's name, with the zero at its end.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            var rest = _entries.AsSpan(_name, _next - _name);
            return rest[..(rest.IndexOf((byte)0) + 1)];
        }
    }

    /// <summary>Goes to the next entry, the folder itself and the one above it left out; false at the end.</summary>
    /// <param name="isReadable">False when it ends because it cannot be read.</param>
    public bool MoveNext(out bool isReadable)
    {
        do
        {
            if (!MoveOn(out isReadable))
                return false;
        }
        while (Name is [(byte)'.', 0] or [(byte)'.', (byte)'.', 0]);

        return true;
    }

    public void Dispose() => FileCall.Close(handle);

    private bool MoveOn(out bool isReadable)
    {
        isReadable = true;
        if (_next >= _end)
        {
            (_next, _end) = (0, FileCall.ReadEntries(handle, _entries));
            isReadable = _end >= 0;
            if (_end <= 0)
                return false;
        }

        _name = _next + NameOffset;
        _next += BitConverter.ToUInt16(_entries, _next + 16);
        return true;
    }
}
