using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>What happened to a server, the newest first; read anew whenever its picture changes.</summary>
public sealed partial class ServerHistory
{
    private const int FirstShown = 8;

    private ImmutableArray<ServerEvent>? _events;
    private (long Revision, bool IsBusy, bool IsReachable)? _readAt;
    private bool _isAllShown;
    private bool _isFaulty;
    private bool _isAway;

    /// <summary>The server. A component shows one for its whole life: give it a key.</summary>
    [Parameter, EditorRequired]
    public ServerSnapshot Server { get; set; } = default!;

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ILogger<ServerHistory> Logger { get; set; } = default!;

    private IEnumerable<ServerEvent> Shown => _isAllShown ? _events!.Value : _events!.Value.Take(FirstShown);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var now = (Server.Revision, Server.Activity is not null, Server.IsReachable);
        if (_readAt == now)
            return;
        _readAt = now;
        try
        {
            var events = await Fleet.GetServer(Server.Id).ReadEventsAsync();
            // A newer question has a newer answer; and what was read before is still true while the host is away.
            if (_readAt != now)
                return;
            _isAway = events is null;
            _events = events ?? _events;
            _isFaulty = false;
        }
        catch (Exception e)
        {
            // The rest of the page stands without it.
            LogNotRead(Logger, e, Server.Id);
            _isFaulty |= _readAt == now;
        }
    }

    private static bool IsWrong(ServerEvent happened) => happened is { Kind: ServerEventKind.PullFailed } or { Exit.WasAskedFor: false };

    [LoggerMessage(LogLevel.Warning, "The history of server {Server} could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
