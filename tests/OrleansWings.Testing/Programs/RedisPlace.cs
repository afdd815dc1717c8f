using OrleansWings.Testing.Networks;

namespace OrleansWings.Testing.Programs;

/// <summary>A machine for Redis, with TLS as a fleet over a network has it.</summary>
/// <param name="Machine">Where it runs.</param>
/// <param name="Certificates">What 'orleans-wings certificates redis' made for the machine's address.</param>
/// <param name="Forward">How this process reaches it.</param>
public sealed record RedisPlace(Machine Machine, string Certificates, NamespaceForward Forward)
{
    /// <summary>The port that it listens on.</summary>
    public const int Port = 6_379;

    internal string[] Settings =>
    [
        "port 0", $"tls-port {Port}", $"bind 127.0.0.1 {Machine.Address}", "tls-auth-clients no",
        $"tls-cert-file {Certificates}/certificate.pem", $"tls-key-file {Certificates}/key.pem", $"tls-ca-cert-file {Certificates}/ca.pem",
    ];
}
