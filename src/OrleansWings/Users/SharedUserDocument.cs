using OrleansWings.Silo.Storage;

namespace OrleansWings.Users;

/// <summary>The users of a fleet, in the cluster's store: whoever signs in at one control silo is signed in at all.</summary>
internal sealed class SharedUserDocument(FleetDocuments documents) : IUserDocument
{
    public string Name => $"the document '{FleetDocuments.Users}' in the cluster's store";

    public bool IsShared => true;

    public byte[]? Read() => documents.Read(FleetDocuments.Users);

    public bool Write(byte[] content, byte[]? before) => documents.Write(FleetDocuments.Users, content, before);
}
