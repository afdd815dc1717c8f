using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>What a person looks for in the list of servers. Each picture is looked through once, and nothing of it is copied.</summary>
public sealed class FleetFilter
{
    private FleetPicture? _picture;
    private readonly FittingServers _result = new();

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

    /// <summary>The servers that fit: always the same object, which then shows this picture.</summary>
    public FittingServers Apply(FleetPicture picture)
    {
        if (ReferenceEquals(picture, _picture))
            return _result;
        _picture = picture;
        if (string.IsNullOrWhiteSpace(Text) && State is null)
            _result.Show(picture);
        else
            _result.Show(picture, listing => Fits(listing.Snapshot));
        return _result;
    }

    private bool Fits(ServerSnapshot server)
        => (State is null || (server.State == State && server.IsReachable)) && ServerSelection.FitsText(server, Text);
}
