using System.Security.Cryptography.X509Certificates;
using OrleansWings.Certificates;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Certificates;

/// <summary>A CA with the folders of certificates it made.</summary>
internal sealed class TestFleet(DateTimeOffset? madeAt = null) : IDisposable
{
    private readonly TempFolder _folder = new();

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public CertificateAuthority Authority { get; } = CertificateAuthority.Create(madeAt ?? Now.AddDays(-1));

    public X509Certificate2Collection Trust => [X509Certificate2.CreateFromPem(Authority.CertificatePem)];

    public static FleetIdentity Who(string identity)
    {
        var parts = identity.Split(':');
        return new(Enum.Parse<CertificateKind>(parts[0], ignoreCase: true), parts[1]);
    }

    public X509Certificate2 Issue(string identity, DateTimeOffset? from = null, TimeSpan? lifetime = null, params string[] addresses)
        => Authority.Issue(Who(identity), addresses, from ?? Now, lifetime ?? TimeSpan.FromDays(700));

    /// <summary>Writes the three files of a machine; a second time replaces them.</summary>
    public string Write(string identity, X509Certificate2? certificate = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, identity.Replace(':', '-'))).FullName;
        using var issued = certificate ?? Issue(identity);
        File.WriteAllText(Path.Combine(folder, CertificateFiles.Authority), Authority.CertificatePem);
        File.WriteAllText(Path.Combine(folder, CertificateFiles.Certificate), issued.ExportCertificatePem());
        var key = Path.Combine(folder, CertificateFiles.Key);
        File.WriteAllText(key, issued.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return folder;
    }

    public FleetCertificates Load(string identity, TimeProvider? time = null, X509Certificate2? certificate = null)
        => FleetCertificates.Load(Write(identity, certificate), Who(identity), time);

    public void Dispose()
    {
        Authority.Dispose();
        _folder.Dispose();
    }
}
