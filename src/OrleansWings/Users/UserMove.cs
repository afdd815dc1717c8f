using System.Xml.Linq;
using OrleansWings.DataFolders;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Users;

/// <summary>Takes one machine's users and the keys of their cookies along into a fleet's store: nobody has to sign in anew.</summary>
internal sealed class UserMove(DataFolder folder, FleetDocuments documents)
{
    private readonly SharedUserDocument _users = new(documents);
    private readonly byte[]? _own = new LocalUserDocument(folder.Users).Read();
    private byte[]? _there;

    /// <summary>Looks at what the fleet has. Only what was seen here is replaced later.</summary>
    /// <returns>What of it differs from this machine's: "users", or nothing.</returns>
    /// <exception cref="IOException">The store does not answer.</exception>
    public IReadOnlyList<string> FindDiffering()
    {
        _there = _users.Read();
        return _own is null || _there is null || _own.AsSpan().SequenceEqual(_there) ? [] : ["users"];
    }

    /// <summary>May be run again: what is there already is passed over.</summary>
    /// <exception cref="IOException">The store does not answer, or somebody wrote the users since they were looked at.</exception>
    public void Run()
    {
        if (_own is not null && !_own.AsSpan().SequenceEqual(_there) && !_users.Write(_own, _there))
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
