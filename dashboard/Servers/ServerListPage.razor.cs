using OrleansWings.Dashboard.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class ServerListPage
{
    private readonly FleetFilter _filter = new();

    private IEnumerable<(PowerState? State, string Label, int Count)> Counts()
    {
        yield return (null, "All", Picture.Servers.Length);
        foreach (var state in Enum.GetValues<PowerState>().OrderByDescending(state => state == PowerState.Running))
        {
            var count = Picture.Servers.Count(listing => listing.Snapshot.State == state && listing.Snapshot.IsReachable);
            if (count > 0 || _filter.State == state)
                yield return (state, state.ToString(), count);
        }
    }

    private void Clear()
    {
        _filter.Text = "";
        _filter.State = null;
    }
}
