using Microsoft.Extensions.Configuration;
using OrleansWings.Certificates;
using StackExchange.Redis;

namespace OrleansWings.Client.Settings;

/// <summary>How panel code reaches a fleet: the names are those of the program's own settings.</summary>
internal sealed record ClientSettings(ConfigurationOptions Redis, string ClusterId, FleetCertificates? Certificates)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ClientSettingsException">Something cannot be; the message has every fault, each with its name.</exception>
    public static ClientSettings Read(IConfiguration configuration)
    {
        var faults = new List<string>();
        var redis = ReadRedis(configuration, faults);
        var certificates = ReadCertificates(configuration, faults);
        if (configuration["WINGS_ALLOW_PLAIN_CLUSTER"] is not "true")
        {
            if (redis is { Ssl: false, EndPoints: [_] } && !RedisAddress.IsLocal(redis))
                faults.Add("WINGS_REDIS: it is reached over the network without TLS. Use rediss://, or allow it with WINGS_ALLOW_PLAIN_CLUSTER=true in a network that nobody else is in.");
            if (configuration["WINGS_CERTIFICATES"] is not { Length: > 0 })
                faults.Add("WINGS_CERTIFICATES: it is missing. Make them with 'orleans-wings certificates client NAME', or allow a fleet without with WINGS_ALLOW_PLAIN_CLUSTER=true in a network that nobody else is in.");
        }

        if (faults.Count > 0)
            throw new ClientSettingsException(faults);
        return new ClientSettings(RedisAddress.Trust(redis, certificates), configuration["WINGS_CLUSTER"] is { Length: > 0 } cluster ? cluster : WingsNames.ServiceId, certificates);
    }

    private static ConfigurationOptions ReadRedis(IConfiguration configuration, List<string> faults)
    {
        if (configuration["WINGS_REDIS"] is not { Length: > 0 } typed)
        {
            faults.Add("WINGS_REDIS: it is missing. It is the fleet's store, for example rediss://10.0.0.2:6379.");
            return new ConfigurationOptions();
        }

        var redis = RedisAddress.Read(typed, out var fault);
        if (fault is not null)
            faults.Add($"WINGS_REDIS: {fault}");
        if (configuration["WINGS_REDIS_PASSWORD_FILE"] is not { Length: > 0 } file)
            return redis;
        try
        {
            redis.Password = File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"WINGS_REDIS_PASSWORD_FILE: '{file}' cannot be read: {e.Message}");
        }

        return redis;
    }

    private static FleetCertificates? ReadCertificates(IConfiguration configuration, List<string> faults)
    {
        if (configuration["WINGS_CERTIFICATES"] is not { Length: > 0 } folder)
            return null;
        try
        {
            return FleetCertificates.LoadClient(folder);
        }
        catch (CertificateFaultException e)
        {
            faults.Add($"WINGS_CERTIFICATES: {e.Message}");
            return null;
        }
    }
}
