using OrleansWings.DataFolders;

namespace OrleansWings.Users;

/// <summary>A file of the data folder that only the program's user may read. The folder's lock keeps others out.</summary>
internal sealed class LocalUserDocument(string path) : IUserDocument
{
    public string Name => path;

    public bool IsShared => false;

    public byte[]? Read() => File.Exists(path) ? File.ReadAllBytes(path) : null;

    public bool Write(byte[] content, byte[]? before)
    {
        PrivateFile.Write(path, content);
        return true;
    }
}
