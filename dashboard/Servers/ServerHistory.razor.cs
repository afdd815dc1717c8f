using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>What happened to a server, the newest first; read anew whenever something happens to it or its picture changes.</summary>
public sealed partial class ServerHistory : IDisposable
{
    private const int FirstShown = 8;

    private ImmutableArray<ServerEvent>? _events;
    private (long Revision, bool IsBusy, bool IsReachable, int Heard)? _readAt;
    private int _heard;
    private bool _isReading;
    private bool _isDisposed;
    private bool _isAllShown;
    private bool _isFaulty;
    private bool _isAway;

    /// <summary>The server. A component shows one for its whole life: give it a key.</summary>
    [Parameter, EditorRequired]
    public ServerSnapshot Server { get; set; } = default!;

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private FleetView View { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ILogger<ServerHistory> Logger { get; set; } = default!;

    private (long Revision, bool IsBusy, bool IsReachable, int Heard) Now => (Server.Revision, Server.Activity is not null, Server.IsReachable, _heard);

    private IEnumerable<ServerEvent> Shown => _isAllShown ? _events!.Value : _events!.Value.Take(FirstShown);

    /// <inheritdoc />
    public void Dispose()
    {
        _isDisposed = true;
        View.Happened -= OnHappened;
    }

    /// <inheritdoc />
    protected override void OnInitialized() => View.Happened += OnHappened;

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => ReadAsync();

    private void OnHappened(ServerHappening happening)
    {
        if (happening.Server != Server.Id)
            return;
        _ = InvokeAsync(() =>
        {
            _heard++;
            return ReadAsync();
        });
    }

    // One at a time, and once more when something happened meanwhile: much happens at once, and every viewer of the server asks.
    private async Task ReadAsync()
    {
        if (_isReading)
            return;
        _isReading = true;
        try
        {
            while (!_isDisposed && _readAt != Now)
            {
                _readAt = Now;
                await ReadOnceAsync();
                StateHasChanged();
            }
        }
        finally
        {
            _isReading = false;
        }
    }

    private async Task ReadOnceAsync()
    {
        try
        {
            var events = await Fleet.GetServer(Server.Id).ReadEventsAsync();
            // What was read before is still true while the host is away.
            _isAway = events is null;
            _events = events ?? _events;
            _isFaulty = false;
        }
        catch (Exception e)
        {
            // The rest of the page stands without it.
            LogNotRead(Logger, e, Server.Id);
            _isFaulty = true;
        }
    }

    private static bool IsWrong(ServerEvent happened) => happened is { Kind: ServerEventKind.PullFailed } or { Exit.WasAskedFor: false };

    [LoggerMessage(LogLevel.Warning, "The history of server {Server} could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
