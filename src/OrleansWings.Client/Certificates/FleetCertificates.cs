using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Certificates;

/// <summary>
/// This process's certificate, key and CA: what WINGS_CERTIFICATES names. Files that were replaced are used from the next
/// connection on, so renewing needs no restart; files that cannot be used leave the old ones in force, and say so.
/// </summary>
public sealed class FleetCertificates
{
    /// <summary>How often the files are looked at.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_warnBefore = TimeSpan.FromDays(30);

    private readonly Lock _lock = new();
    private readonly string _folder;
    private volatile CertificateBundle _current;
    private volatile string? _fault;
    private volatile string? _lastRefusal;
    private volatile bool _hasTalked;
    private string _seen;

    private FleetCertificates(string folder, FleetIdentity self, TimeProvider time)
    {
        _folder = folder;
        Self = self;
        Time = time;
        // Before reading: what changes meanwhile is read again a minute later.
        _seen = Stamp();
        _current = CertificateBundle.Read(folder, self, time.GetUtcNow());
    }

    /// <summary>Whom this process speaks for.</summary>
    public FleetIdentity Self { get; }

    /// <summary>When the certificate in use, or its CA, ends.</summary>
    public DateTimeOffset ExpiresAt => _current.ExpiresAt;

    /// <summary>Whether it ends within 30 days: time to renew it.</summary>
    public bool ExpiresSoon => Time.GetUtcNow() > ExpiresAt - s_warnBefore;

    /// <summary>Why the files on disk are not the ones in use; null when they are.</summary>
    public string? Fault => _fault;

    /// <summary>
    /// Why no other process could be talked to, in words that name the folder and what to do; null when one could, or none was
    /// refused. A machine with another fleet's certificates trusts nobody, and nobody trusts it.
    /// </summary>
    public string? WhyAlone => !_hasTalked && _lastRefusal is { } refusal
        ? $"WINGS_CERTIFICATES: {_folder}: no process of the fleet could be trusted; {refusal}. If this folder is another CA's, put here the one that"
            + $" 'orleans-wings certificates {Self.Kind.ToString().ToLowerInvariant()} {Self.Name}' makes with this fleet's CA."
        : null;

    internal TimeProvider Time { get; }

    internal CertificateBundle Current => _current;

    /// <summary>Reads and checks the folder.</summary>
    /// <param name="folder">The folder with ca.pem, certificate.pem and key.pem.</param>
    /// <param name="self">Whom the certificate must be for; see FleetIdentity.Of.</param>
    /// <param name="time">The clock. Default: the system's.</param>
    /// <exception cref="CertificateFaultException">Something is wrong; the message is one sentence that names the file.</exception>
    public static FleetCertificates Load(string folder, FleetIdentity self, TimeProvider? time = null) => new(folder, self, time ?? TimeProvider.System);

    /// <summary>The same for panel code: whatever name its certificate has, its kind must be client.</summary>
    /// <param name="folder">The folder with ca.pem, certificate.pem and key.pem.</param>
    /// <param name="time">The clock. Default: the system's.</param>
    /// <exception cref="CertificateFaultException">Something is wrong; the message is one sentence that names the file.</exception>
    public static FleetCertificates LoadClient(string folder, TimeProvider? time = null)
    {
        var identity = FleetIdentity.Of(CertificateFiles.ReadAll(Path.Combine(folder, CertificateFiles.Certificate))[0]);
        // One that is for somebody else is refused by its name, one that is for nobody by what is missing.
        return Load(folder, new FleetIdentity(CertificateKind.Client, identity?.Name ?? "panel"), time);
    }

    /// <summary>Whether a peer may be at the other end of a connection.</summary>
    /// <param name="peer">What it showed.</param>
    /// <param name="purpose">What the connection is for.</param>
    /// <param name="expected">Who must be there, any one of them; null when only the kind is known.</param>
    public PeerVerdict Check(X509Certificate2? peer, PeerPurpose purpose, IReadOnlyCollection<FleetIdentity>? expected = null)
        => PeerRules.Check(peer, _current.Authorities, purpose, Time.GetUtcNow(), expected);

    /// <summary>Whether the server at an address is this fleet's Redis; the reason when it is not.</summary>
    /// <param name="peer">What it showed.</param>
    /// <param name="address">The IP address or DNS name that was connected to; must be in the certificate.</param>
    public PeerVerdict CheckRedis(X509Certificate2? peer, string address)
    {
        var verdict = Check(peer, PeerPurpose.RedisOutbound);
        return !verdict.IsAccepted || peer!.MatchesHostname(address, allowCommonName: false)
            ? verdict
            : verdict with { Refusal = $"the certificate of {verdict.Identity} is not for the address '{address}'" };
    }

    /// <summary>Another process has shown who it is, and is one of ours.</summary>
    internal void OnTrusted() => _hasTalked = true;

    /// <summary>A process that was connected to is not one of ours.</summary>
    internal void OnRefused(string address, string reason) => _lastRefusal = $"of {address}: {reason}";

    /// <summary>Reads the files again if they changed.</summary>
    /// <returns>Whether other certificates are in force now.</returns>
    internal bool Refresh()
    {
        lock (_lock)
        {
            var stamp = Stamp();
            // A fault is looked at again also when nothing changed: a key's mode, a clock that was set right.
            if (stamp == _seen && _fault is null)
                return false;
            try
            {
                // The old one is not disposed of: a handshake may still be using it.
                _current = CertificateBundle.Read(_folder, Self, Time.GetUtcNow());
                _seen = stamp;
                _fault = null;
                return true;
            }
            catch (CertificateFaultException e)
            {
                _fault = e.Message;
                return false;
            }
        }
    }

    private string Stamp() => string.Join(' ', new[] { CertificateFiles.Authority, CertificateFiles.Certificate, CertificateFiles.Key }
        .Select(name => new FileInfo(Path.Combine(_folder, name)))
        .Select(file => file.Exists ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "none"));
}
