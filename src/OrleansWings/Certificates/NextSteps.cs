using OrleansWings.Settings;

namespace OrleansWings.Certificates;

/// <summary>What to do with a certificate that was just made.</summary>
internal static class NextSteps
{
    public static string Of(FleetIdentity identity) => identity.Kind switch
    {
        CertificateKind.Redis => """
            Next: copy the folder to the Redis machine, readable by Redis only, and set in redis.conf:
                port 0
                tls-port 6379
                tls-cert-file FOLDER/certificate.pem
                tls-key-file FOLDER/key.pem
                tls-ca-cert-file FOLDER/ca.pem
            """,
        CertificateKind.Client => $"""
            Next: copy the folder to the panel's machine, readable by its user only, and load it there:
                FleetCertificates.Load("FOLDER", new FleetIdentity(CertificateKind.Client, "{identity.Name}"))
            """,
        _ => $"""
            Next: copy the folder to {identity.Name}, readable by the program's user only, and set there:
                {SettingNames.Role}={(identity.Kind == CertificateKind.Host ? "host" : "control")}
                {SettingNames.Host}={identity.Name}
                {SettingNames.Certificates}=FOLDER
            """,
    };
}
