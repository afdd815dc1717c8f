using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Images;

/// <summary>
/// The logins of registries, by exact host: the peer goes by the beginning of the image's name, and gives one registry's password to
/// another whose name begins the same.
/// </summary>
public sealed partial class RegistryLogins(DockerHostOptions options, ILogger<RegistryLogins> logger)
{
    private readonly Lock _lock = new();
    private RegistryFile _file = RegistryFile.Empty;
    private (DateTime At, long Length) _read;

    /// <summary>The login for an image's registry; null when there is none. A changed file is read anew; a damaged one leaves the logins as they were.</summary>
    public RegistryCredentials? Find(string image)
    {
        if (options.RegistriesFile is not { } path)
            return null;
        lock (_lock)
        {
            Refresh(path);
            return _file.Logins.GetValueOrDefault(ImageRegistry.HostOf(image));
        }
    }

    private void Refresh(string path)
    {
        try
        {
            var info = new FileInfo(path);
            var seen = (info.LastWriteTimeUtc, info.Length);
            if (seen == _read)
                return;
            var file = RegistryFile.Parse(File.ReadAllText(path));
            _read = seen;
            if (file.Faults.IsEmpty)
                _file = file;
            else
                LogDamaged(logger, path, string.Join(' ', file.Faults));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDamaged(logger, path, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of registries {Path} cannot be used, and the logins stay as they were: {Reason}")]
    private static partial void LogDamaged(ILogger logger, string path, string reason);
}
