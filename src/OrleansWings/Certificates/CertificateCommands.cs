using System.Globalization;
using System.Text;
using OrleansWings.Commands;
using OrleansWings.DataFolders;

namespace OrleansWings.Certificates;

/// <summary>'orleans-wings certificates …': makes the fleet's CA and the certificate of each machine. Needs no settings.</summary>
internal static class CertificateCommands
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string Help = """
        orleans-wings certificates ca FOLDER             makes the fleet's CA in FOLDER; keep it on one safe machine
        orleans-wings certificates host NAME …           a certificate for a Docker host
        orleans-wings certificates control NAME …        for a control process, and for one with WINGS_ROLE=all
        orleans-wings certificates client NAME …         for panel code
        orleans-wings certificates redis NAME …          for the Redis server
            --out FOLDER        where to write it; an earlier one of the same name is replaced
            --ca FOLDER         the CA's folder; default: the current one
            --address ADDRESS   an IP address or DNS name of the machine, any number of times; needed for redis
            --days N            how long it is valid; default: 730
        orleans-wings certificates show FOLDER           says what is in a folder and whether it is good
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TimeProvider time)
    {
        try
        {
            var text = args switch
            {
                [] or ["--help" or "-h"] => Help,
                ["ca", var folder] => MakeAuthority(folder, time.GetUtcNow()),
                ["show", var folder] => CertificateReport.Of(folder, time.GetUtcNow(), out var isGood) is var report && isGood
                    ? report
                    : throw new CannotStartException(report),
                ["ca" or "show", ..] => throw new CannotStartException($"Name one folder: orleans-wings certificates {args[0]} FOLDER"),
                [var kind, ..] when Enum.TryParse<CertificateKind>(kind, ignoreCase: true, out var parsed) && kind == parsed.ToString().ToLowerInvariant()
                    => Issue(CertificateArguments.Parse(parsed, [.. args.Skip(1)]), time.GetUtcNow()),
                _ => throw new CannotStartException($"orleans-wings certificates: '{args[0]}' is not understood. Try 'orleans-wings certificates --help'."),
            };
            await Console.Out.WriteLineAsync(text);
            return 0;
        }
        catch (Exception e) when (e is CannotStartException or CertificateFaultException)
        {
            return await WingsCommands.FailAsync(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return await WingsCommands.FailAsync($"The certificates cannot be written: {e.Message}");
        }
    }

    private static string MakeAuthority(string folder, DateTimeOffset now)
    {
        if (new[] { CertificateFiles.Authority, CertificateFiles.AuthorityKey }.Select(name => Path.Combine(folder, name)).FirstOrDefault(Path.Exists) is { } there)
            throw new CannotStartException($"{there} is there already. A new CA would lock out every machine of the old one; name another folder.");
        Directory.CreateDirectory(folder, OwnerOnly);
        using var authority = CertificateAuthority.Create(now);
        // The key first: a CA without its key could not be made again in this folder.
        Write(Path.Combine(folder, CertificateFiles.AuthorityKey), authority.KeyPem);
        Write(Path.Combine(folder, CertificateFiles.Authority), authority.CertificatePem);
        return $"""
            The fleet's CA is in {folder}, valid until {Day(authority.ExpiresAt)}. Whoever has {CertificateFiles.AuthorityKey} can add machines: keep the folder on one safe machine, with a copy.
            Next, for each machine: orleans-wings certificates host NAME --ca {folder} --out FOLDER (or control, client, redis).
            """;
    }

    private static string Issue(CertificateArguments typed, DateTimeOffset now)
    {
        using var authority = CertificateAuthority.Open(typed.AuthorityFolder);
        var lifetime = TimeSpan.FromDays(typed.Days);
        if (now + lifetime > authority.ExpiresAt)
            throw new CannotStartException($"--days: {typed.Days} days are longer than the CA lives, until {Day(authority.ExpiresAt)}.");
        RefuseOthers(typed);
        Directory.CreateDirectory(typed.OutFolder, OwnerOnly);
        using var certificate = authority.Issue(typed.Identity, typed.Addresses, now, lifetime);
        Write(Path.Combine(typed.OutFolder, CertificateFiles.Authority), authority.CertificatePem);
        Write(Path.Combine(typed.OutFolder, CertificateFiles.Key), CertificateAuthority.KeyPemOf(certificate));
        Write(Path.Combine(typed.OutFolder, CertificateFiles.Certificate), certificate.ExportCertificatePem() + "\n");
        return $"""
            The certificate of {typed.Identity} is in {typed.OutFolder}, valid until {Day(certificate.NotAfter)}.
            {NextSteps.Of(typed.Identity)}
            """;
    }

    // Renewing replaces; somebody else's certificate in the folder is a slip of the hand.
    private static void RefuseOthers(CertificateArguments typed)
    {
        var file = Path.Combine(typed.OutFolder, CertificateFiles.Certificate);
        if (Path.Exists(file) && FleetIdentity.Of(CertificateFiles.ReadAll(file)[0]) != typed.Identity)
            throw new CannotStartException($"{file} is there already and is not the one of {typed.Identity}. Name another folder with --out.");
        if (Path.Exists(Path.Combine(typed.OutFolder, CertificateFiles.AuthorityKey)))
            throw new CannotStartException($"'{typed.OutFolder}' holds a CA's key, which must not be copied to a machine. Name another folder with --out.");
    }

    private static void Write(string file, string text) => PrivateFile.Write(file, Encoding.ASCII.GetBytes(text));

    private static string Day(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
