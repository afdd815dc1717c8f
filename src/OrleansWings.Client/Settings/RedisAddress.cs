using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OrleansWings.Certificates;
using StackExchange.Redis;

namespace OrleansWings.Client.Settings;

/// <summary>Where a fleet's store is, as WINGS_REDIS says it.</summary>
public static class RedisAddress
{
    private const int Port = 6_379;

    /// <summary>Reads "redis://user:password@host:6379/0", with TLS "rediss://…". What was typed may hold a password: no fault repeats it.</summary>
    /// <param name="typed">As typed.</param>
    /// <param name="fault">What cannot be, a sentence; null when all can.</param>
    /// <returns>The options, as far as they could be read.</returns>
    public static ConfigurationOptions Read(string typed, out string? fault)
    {
        fault = null;
        var options = new ConfigurationOptions();
        if (!Uri.TryCreate(typed, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || uri.Query.Length > 0)
        {
            fault = "it is not the address of a Redis. Write redis://host:6379, or rediss://host:6379 for TLS.";
            return options;
        }

        var host = uri.Host.Trim('[', ']');
        options.EndPoints.Add(host, uri.Port > 0 ? uri.Port : Port);
        options.Ssl = uri.Scheme == "rediss";
        if (options.Ssl)
            (options.SslHost, options.SslProtocols) = (host, SslProtocols.Tls12 | SslProtocols.Tls13);
        ReadUser(options, uri.UserInfo);
        var database = uri.AbsolutePath.Trim('/');
        if (database.Length == 0)
            return options;
        if (int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1_000)
            options.DefaultDatabase = number;
        else
            fault = $"'{database}' is not a database's number. Write redis://host:6379/0, or leave it out.";
        return options;
    }

    /// <summary>The same, trusting a Redis of this fleet's own CA, or one that the machine trusts anyway, as a hosted one.</summary>
    /// <param name="redis">Where it is.</param>
    /// <param name="certificates">This process's certificates; null for none.</param>
    public static ConfigurationOptions Trust(ConfigurationOptions redis, FleetCertificates? certificates)
    {
        if (!redis.Ssl || certificates is null)
            return redis;
        var trusting = redis.Clone();
        trusting.CertificateValidation += (_, peer, _, errors) =>
            errors == SslPolicyErrors.None || certificates.CheckRedis(peer as X509Certificate2, trusting.SslHost!).IsAccepted;
        return trusting;
    }

    /// <summary>Whether it is on this machine: nobody else hears what is said to it.</summary>
    /// <param name="redis">Where it is; one place.</param>
    public static bool IsLocal(ConfigurationOptions redis) => redis.EndPoints is [var store] && store switch
    {
        DnsEndPoint name => name.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name.Host, out var address) && IPAddress.IsLoopback(address)),
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        _ => false,
    };

    private static void ReadUser(ConfigurationOptions options, string userInfo)
    {
        if (userInfo.Length == 0)
            return;
        var parts = userInfo.Split(':', 2);
        if (parts[0].Length > 0)
            options.User = Uri.UnescapeDataString(parts[0]);
        if (parts.Length == 2)
            options.Password = Uri.UnescapeDataString(parts[1]);
    }
}
