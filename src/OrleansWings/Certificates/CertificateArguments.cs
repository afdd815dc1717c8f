using System.Globalization;
using OrleansWings.Commands;
using OrleansWings.Hosts;

namespace OrleansWings.Certificates;

/// <summary>What was typed after 'orleans-wings certificates KIND', checked.</summary>
internal sealed record CertificateArguments(FleetIdentity Identity, string AuthorityFolder, string OutFolder, IReadOnlyList<string> Addresses, int Days)
{
    private const int DefaultDays = 730;

    public static CertificateArguments Parse(CertificateKind kind, IReadOnlyList<string> typed)
    {
        if (typed.Count == 0 || typed[0].StartsWith('-'))
            throw new CannotStartException($"The name is missing: orleans-wings certificates {kind.ToString().ToLowerInvariant()} NAME --out FOLDER");
        if (!HostId.IsValid(typed[0]))
            throw new CannotStartException($"'{typed[0]}' is not a name. Use 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.");

        var read = new CertificateArguments(new(kind, typed[0]), ".", "", [], DefaultDays);
        for (var i = 1; i < typed.Count; i += 2)
        {
            if (typed[i] is not ("--ca" or "--out" or "--address" or "--days"))
                throw new CannotStartException($"'{typed[i]}' is not understood here. Use --ca FOLDER, --out FOLDER, --address ADDRESS and --days N.");
            if (i + 1 == typed.Count || typed[i + 1].Length == 0 || typed[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new CannotStartException($"{typed[i]} needs a value behind it.");
            read = Take(read, typed[i], typed[i + 1]);
        }

        if (read.OutFolder.Length == 0)
            throw new CannotStartException("--out is missing: name the folder that the certificate is written to.");
        if (Path.TrimEndingDirectorySeparator(Path.GetFullPath(read.OutFolder)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(read.AuthorityFolder)))
            throw new CannotStartException($"'{read.OutFolder}' is the CA's own folder, and its key must not be copied to a machine. Name another one with --out.");
        if (kind == CertificateKind.Redis && read.Addresses.Count == 0)
            throw new CannotStartException("--address is missing: name each IP address and DNS name by which the fleet connects to Redis.");
        return read;
    }

    private static CertificateArguments Take(CertificateArguments read, string option, string value) => option switch
    {
        "--ca" => read with { AuthorityFolder = value },
        "--out" => read with { OutFolder = value },
        "--address" => read with { Addresses = [.. read.Addresses, CheckAddress(value)] },
        _ => read with { Days = ReadDays(value) },
    };

    private static string CheckAddress(string typed)
        => Uri.CheckHostName(typed) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 && typed.All(char.IsAscii)
            ? typed
            : throw new CannotStartException($"--address: '{typed}' is neither an IP address nor a DNS name.");

    private static int ReadDays(string typed)
        => int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 3_650
            ? days
            : throw new CannotStartException($"--days: '{typed}' is not a number of days from 1 to 3650.");
}
