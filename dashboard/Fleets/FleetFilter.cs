using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>What a person looks for in the list of servers. Without a wish it hands out the shared list itself, no copy.</summary>
public sealed class FleetFilter
{
    private FleetPicture? _picture;
    private ImmutableArray<ServerListing> _result = [];

    /// <summary>Words that all must occur in name, host, port or id.</summary>
    public string Text
    {
        get;
        set
        {
            field = value;
            _picture = null;
        }
    }
        = "";

    /// <summary>Only servers in this state; null for all.</summary>
    public PowerState? State
    {
        get;
        set
        {
            field = value;
            _picture = null;
        }
    }

    /// <summary>The servers that fit.</summary>
    public ImmutableArray<ServerListing> Apply(FleetPicture picture)
    {
        if (ReferenceEquals(picture, _picture))
            return _result;
        _picture = picture;
        return _result = string.IsNullOrWhiteSpace(Text) && State is null
            ? picture.Servers
            : [.. picture.Servers.Where(listing => Fits(listing.Snapshot))];
    }

    private bool Fits(ServerSnapshot server)
        => (State is null || (server.State == State && server.IsReachable)) && ServerSelection.FitsText(server, Text);
}
