namespace OrleansWings.Silo.Hosting;

/// <summary>The processes that were members at this one's address before it.</summary>
internal sealed class MemberPast(IMembershipTable table, ILocalSiloDetails self, MemberNumber number)
{
    /// <summary>Why the others would take this process for an older one of itself, in words; null when they would not. The next start is newer.</summary>
    public async Task<string?> WhyOlderAsync()
    {
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, CancellationToken.None);
        var members = await table.ReadAllAsync(CancellationToken.None);
        var newest = Newest(members.Members.Select(member => member.Item1.SiloAddress), self.SiloAddress);
        if (newest < self.SiloAddress.Generation)
            return null;
        number.Pass(newest);
        return "This machine's clock is behind what it was, or its data folder is a new one: a member at the same address was newer by the clock. The next start is newer than that.";
    }

    /// <summary>The greatest number of the members at an address, without this one's own entry; -1 when there is none.</summary>
    internal static int Newest(IEnumerable<SiloAddress> members, SiloAddress self)
        => members.Where(member => member.Endpoint.Equals(self.Endpoint) && !member.Equals(self)).Select(member => member.Generation).DefaultIfEmpty(-1).Max();
}
