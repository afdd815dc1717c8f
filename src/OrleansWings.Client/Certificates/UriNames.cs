using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Certificates;

/// <summary>The URIs among a certificate's alternative names; .NET reads only the DNS names and addresses.</summary>
internal static class UriNames
{
    private const string SubjectAlternativeName = "2.5.29.17";

    // RFC 5280, 4.2.1.6: uniformResourceIdentifier [6] IA5String.
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);

    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag() == s_uri)
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, s_uri));
                    else
                        names.ReadEncodedValue();
                }
            }
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            // Names that cannot be read are no names: the certificate then speaks for nobody.
            return [];
        }

        return uris;
    }
}
