using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Hosts;

/// <summary>The commands with which a machine joins a fleet: pure.</summary>
public static class JoinCommand
{
    /// <summary>Where the settings' README puts a machine's certificates.</summary>
    public const string CertificatesFolder = "/etc/orleans-wings/certificates";

    /// <summary>Where it puts the file with the store's password.</summary>
    public const string PasswordFile = "/etc/orleans-wings/redis-password";

    /// <summary>For the machine that has the CA: makes the new host's certificates in a folder of its name.</summary>
    public static string Certificates(HostId host) => $"orleans-wings certificates host {host} --ca ca --out {host}";

    /// <summary>For the new machine: its settings and the program, as a shell takes them.</summary>
    public static string Start(HostId host, FleetEntrance fleet)
        => string.Join(" \\\n", [.. Settings(host, fleet).Select(setting => $"{setting.Name}={setting.Value}"), "orleans-wings"]);

    /// <summary>A name for the next host that no host has: "host-2".</summary>
    public static string FreeName(IEnumerable<HostId> taken)
    {
        var names = taken.Select(host => host.Value).ToHashSet();
        return Enumerable.Range(1, names.Count + 1).Select(number => $"host-{number}").First(name => !names.Contains(name));
    }

    /// <summary>What is wrong with a new host's name; null when nothing is.</summary>
    public static string? Check(string name, IEnumerable<HostId> taken)
        => !HostId.TryParse(name, null, out var host) ? $"'{name}' is not a host name: use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit."
            : taken.Contains(host) ? $"A host named {name} is in this fleet. If another machine takes its place, remove it on its page first."
            : null;

    private static IEnumerable<(string Name, string Value)> Settings(HostId host, FleetEntrance fleet)
    {
        yield return ("WINGS_ROLE", "host");
        yield return ("WINGS_HOST", host.Value);
        yield return ("WINGS_REDIS", fleet.Store);
        yield return fleet.HasCertificates ? ("WINGS_CERTIFICATES", CertificatesFolder) : ("WINGS_ALLOW_PLAIN_CLUSTER", "true");
        if (fleet.HasPassword)
            yield return ("WINGS_REDIS_PASSWORD_FILE", PasswordFile);
        if (fleet.Cluster is { } cluster)
            yield return ("WINGS_CLUSTER", cluster);
    }
}
