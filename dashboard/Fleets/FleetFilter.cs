using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>What a person looks for in the list of servers. Each picture is looked through once, and nothing of it is copied.</summary>
public sealed class FleetFilter
{
    private readonly FittingServers _result = new();
    // What was looked through; null when something else is looked for by now.
    private ImmutableArray<ServerListing>? _servers;

    /// <summary>Words that all must occur in name, host, port or id.</summary>
    public string Text
    {
        get;
        set
        {
            field = value;
            _servers = null;
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
            _servers = null;
        }
    }

    /// <summary>The servers that fit: always the same object, which then shows this picture.</summary>
    public FittingServers Apply(FleetPicture picture)
    {
        // Most pictures have no other server in them, but a host's load.
        if (_servers == picture.Servers)
            return _result;
        _servers = picture.Servers;
        if (string.IsNullOrWhiteSpace(Text) && State is null)
            _result.Show(picture.Servers);
        else
            _result.Show(picture.Servers, listing => Fits(listing.Snapshot));
        return _result;
    }

    private bool Fits(ServerSnapshot server)
        => (State is null || (server.State == State && server.IsReachable)) && ServerSelection.FitsText(server, Text);
}
