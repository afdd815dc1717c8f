using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Users;

/// <summary>The keys that sign the cookies of a fleet, in the cluster's store: each control silo takes the others' cookies.</summary>
internal sealed class SharedKeys(FleetDocuments documents) : IXmlRepository
{
    private const string List = FleetDocuments.CookieKeys;

    public IReadOnlyCollection<XElement> GetAllElements() => [.. documents.ReadList(List).Select(text => XElement.Parse(text))];

    public void StoreElement(XElement element, string friendlyName) => documents.Append(List, element.ToString(SaveOptions.DisableFormatting));
}
