using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>Where things are in the data folder. Ids have a fixed form, so no path can lead out of it.</summary>
public sealed class HostPaths(string dataFolder)
{
    public string Ledger => Path.Combine(dataFolder, "host.db");

    public string Volume(ServerId server) => Path.Combine(dataFolder, "volumes", server.ToString());

    public string Console(ServerId server) => Path.Combine(dataFolder, "consoles", server.ToString());

    /// <summary>Files that containers have mounted read-only to know who they are.</summary>
    public string IdentityFolder => Path.Combine(dataFolder, "identities");

    public string Identity(ServerId server) => Path.Combine(IdentityFolder, server.ToString());

    public string Trash(ServerId server) => Path.Combine(dataFolder, "trash", server.ToString());

    public string TrashFolder => Path.Combine(dataFolder, "trash");

    /// <summary>The disk that all of it is on; null while it does not answer.</summary>
    public DriveInfo? Disk()
    {
        try
        {
            var disk = new DriveInfo(dataFolder);
            return disk.TotalSize > 0 ? disk : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
