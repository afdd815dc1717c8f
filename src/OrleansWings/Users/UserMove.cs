using System.Xml.Linq;
using OrleansWings.DataFolders;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Users;

/// <summary>Takes one machine's users and the keys of their cookies along into a fleet's store: nobody has to sign in anew.</summary>
internal static class UserMove
{
    /// <summary>May be run again: what is there already is passed over.</summary>
    /// <exception cref="IOException">The store does not answer.</exception>
    public static void Run(DataFolder folder, FleetDocuments documents)
    {
        var users = new SharedUserDocument(documents);
        if (new LocalUserDocument(folder.Users).Read() is { } own && users.Read() is var there && !own.AsSpan().SequenceEqual(there) && !users.Write(own, there))
            throw new IOException("Somebody else wrote the users meanwhile.");

        var keys = new SharedKeys(documents);
        var known = keys.GetAllElements().Select(Id).ToHashSet();
        foreach (var file in Directory.Exists(folder.Keys) ? Directory.GetFiles(folder.Keys, "*.xml") : [])
        {
            var key = XElement.Load(file);
            if (known.Add(Id(key)))
                keys.StoreElement(key, Path.GetFileNameWithoutExtension(file));
        }
    }

    private static string Id(XElement key) => key.Attribute("id")?.Value ?? key.ToString();
}
