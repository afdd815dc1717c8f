using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Certificates;

/// <summary>The files of a folder of certificates, and how they are read: every fault names the file.</summary>
public static class CertificateFiles
{
    /// <summary>The CA that everybody of the fleet trusts; may hold the old and the new one while it is changed.</summary>
    public const string Authority = "ca.pem";

    /// <summary>The CA's key: only in the CA's own folder.</summary>
    public const string AuthorityKey = "ca.key";

    /// <summary>The machine's certificate.</summary>
    public const string Certificate = "certificate.pem";

    /// <summary>The machine's key.</summary>
    public const string Key = "key.pem";

    // Far more than any of ours: a folder named by mistake may hold anything.
    private const int LargestFile = 1 << 20;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads every certificate of a file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="CertificateFaultException">There is none, or it cannot be read.</exception>
    public static X509Certificate2Collection ReadAll(string file)
    {
        var text = ReadText(file);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new CertificateFaultException($"{file}: is damaged, or no certificate in PEM form.", e);
        }

        return certificates.Count > 0 ? certificates : throw new CertificateFaultException($"{file}: has no certificate in PEM form (-----BEGIN CERTIFICATE-----) in it.");
    }

    /// <summary>Reads a certificate with its key, which nobody else may be able to read.</summary>
    /// <param name="certificateFile">The certificate's file.</param>
    /// <param name="keyFile">The key's file.</param>
    /// <exception cref="CertificateFaultException">One of them cannot be used, or they do not belong together.</exception>
    public static X509Certificate2 ReadWithKey(string certificateFile, string keyFile)
    {
        using var certificate = ReadAll(certificateFile)[0];
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(ReadText(keyFile, isSecret: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateFaultException($"{keyFile}: is damaged, or no EC key in PEM form.", e);
        }

        try
        {
            return certificate.CopyWithPrivateKey(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or InvalidOperationException)
        {
            throw new CertificateFaultException($"{keyFile}: does not belong to {certificateFile}. Copy both from the same folder.", e);
        }
    }

    private static string ReadText(string file, bool isSecret = false)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // Of the open file and not of its path, which could be another one by now.
            if (isSecret && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0)
                throw new CertificateFaultException($"{file}: other users of this machine may read or change it. Run: chmod 600 {file}");
            if (stream.Length > LargestFile)
                throw new CertificateFaultException($"{file}: is too large for a certificate.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CertificateFaultException($"{file}: is missing. 'orleans-wings certificates' makes it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateFaultException($"{file}: cannot be read: {e.Message}", e);
        }
    }
}
