using OrleansWings.Dashboard.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class ServerListPage
{
    private readonly FleetFilter _filter = new();

    // The same servers, as a job's selection says it.
    private string JobHref => _filter.Text.Trim().Length == 0 && _filter.State is null ? "/jobs/new"
        : $"/jobs/new?text={Uri.EscapeDataString(_filter.Text)}&state={_filter.State}";

    private IEnumerable<(PowerState? State, string Label, int Count)> Counts()
    {
        yield return (null, "All", Picture.Servers.Length);
        foreach (var state in Enum.GetValues<PowerState>().OrderByDescending(state => state == PowerState.Running))
        {
            var count = Picture.CountOf(state);
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
