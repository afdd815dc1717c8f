using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using OrleansWings.Consoles;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Consoles;

/// <summary>One server's live terminal and its command box.</summary>
public sealed partial class ServerConsole : IAsyncDisposable
{
    private const int Scrollback = 10_000;

    private readonly CancellationTokenSource _end = new();
    private DotNetObjectReference<ServerConsole>? _reference;
    private ScriptHandle? _script;
    private CommandHistory _history = new([]);
    private ElementReference _terminal;
    private ElementReference _box;
    private ElementReference _searchBox;
    private Task _pumping = Task.CompletedTask;
    private string? _refusal;
    private PowerState _refusedIn;
    private string _search = "";
    private bool _isConnected = true;
    private bool _isSearching;
    private bool _isFound;
    private bool _isSearchToFocus;

    /// <summary>The server. A component shows one for its whole life: give it a key.</summary>
    [Parameter, EditorRequired]
    public ServerId Server { get; set; }

    /// <summary>What its process does now: what was said of a command is over when that changes.</summary>
    [Parameter]
    public PowerState State { get; set; }

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private IConsoleFeeds Feeds { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (_refusedIn != State)
            _refusal = null;
    }

    /// <summary>A command from the box.</summary>
    [JSInvokable]
    public async Task<CommandAnswer> SendCommandAsync(string text)
    {
        _history.Add(text);
        var refusal = ServerCommand.Check(text);
        if (refusal is null)
        {
            var result = await Fleet.GetServer(Server).SendCommandAsync(text);
            refusal = result.IsAccepted ? null : result.Message;
        }

        (_refusal, _refusedIn) = (refusal, State);
        await InvokeAsync(StateHasChanged);
        return new CommandAnswer(refusal is null, _history.Commands);
    }

    /// <summary>Arrow up in the box.</summary>
    [JSInvokable]
    public string? OlderCommand(string typed) => _history.Older(typed);

    /// <summary>Arrow down in the box.</summary>
    [JSInvokable]
    public string? NewerCommand(string typed) => _history.Newer();

    /// <summary>Shows the search box.</summary>
    [JSInvokable]
    public Task OpenSearchAsync() => InvokeAsync(() =>
    {
        _isSearching = true;
        _isSearchToFocus = true;
        StateHasChanged();
    });

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _pumping;
        _end.Dispose();
        if (_script is not null)
            await _script.DisposeAsync();
        _reference?.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await StartAsync();
        if (_isSearchToFocus && _script is not null)
        {
            _isSearchToFocus = false;
            await _script.Made.InvokeVoidAsync("focusSearch", _searchBox);
        }
    }

    private async Task StartAsync()
    {
        var server = Server.ToString();
        _reference = DotNetObjectReference.Create(this);
        _script = await ScriptHandle.CreateAsync(Js, Assets[$"{App.Library}/dist/console.js"], _terminal, server, Scrollback, _reference);
        _history = new CommandHistory(await _script.Module.InvokeAsync<string[]>("commands", server));
        await _script.Made.InvokeVoidAsync("attachCommandBox", _box);
        var firstShown = await _script.Module.InvokeAsync<string?>("firstShown", server);
        if (!_end.IsCancellationRequested)
            _pumping = PumpAsync(firstShown, _end.Token);
    }

    private async Task PumpAsync(string? firstShown, CancellationToken cancellationToken)
    {
        var logger = Loggers.CreateLogger<ConsolePump>();
        try
        {
            var start = ConsoleStart.Decide(firstShown, firstShown is null ? null : await FindHeadAsync(cancellationToken), Scrollback);
            await new ConsolePump(Feeds, Time, logger)
                .RunAsync(Server, start, Scrollback, WriteAsync, OnConnection, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (JSDisconnectedException)
        {
        }
        catch (Exception e)
        {
            LogTerminalFailed(logger, e, Server);
            OnConnection(false);
        }
    }

    // Only a hint where to begin: what stands in the way of it, the pump meets again and waits for its end.
    private async Task<ConsolePosition?> FindHeadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Feeds.ReadAsync(Server, ConsoleCursor.Last(1), 1, cancellationToken)).Head;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogHeadUnknown(Loggers.CreateLogger<ServerConsole>(), e, Server);
            return null;
        }
    }

    private async Task WriteAsync(TerminalChunk chunk)
        => await _script!.Made.InvokeVoidAsync("write", _end.Token,
            chunk.Bytes, chunk.Number, chunk.Last.Run, chunk.Last.Sequence, chunk.FirstShown.ToString());

    private void OnConnection(bool isConnected)
    {
        if (_isConnected == isConnected)
            return;
        _isConnected = isConnected;
        _ = InvokeAsync(StateHasChanged);
    }

    private Task FindAsync() => FindAsync(false);

    private async Task FindAsync(bool isBackwards)
    {
        if (_script is not null)
            _isFound = await _script.Made.InvokeAsync<bool>("find", _search, isBackwards);
    }

    private Task OnSearchKeyAsync(KeyboardEventArgs key) => key.Key switch
    {
        "Enter" => FindAsync(!key.ShiftKey),
        "Escape" => CloseSearchAsync(),
        _ => Task.CompletedTask,
    };

    private async Task CloseSearchAsync()
    {
        (_isSearching, _search) = (false, "");
        if (_script is not null)
            await _script.Made.InvokeVoidAsync("closeSearch");
    }

    private async Task CopyAsync()
    {
        if (_script is not null)
            await _script.Made.InvokeAsync<bool>("copy");
    }

    private async Task ToEndAsync()
    {
        if (_script is not null)
            await _script.Made.InvokeVoidAsync("scrollToEnd");
    }

    [LoggerMessage(LogLevel.Debug, "It is not known where the console of server {Server} ends.")]
    private static partial void LogHeadUnknown(ILogger logger, Exception exception, ServerId server);

    [LoggerMessage(LogLevel.Error, "The terminal of server {Server} stopped.")]
    private static partial void LogTerminalFailed(ILogger logger, Exception exception, ServerId server);

    /// <summary>The answer to a command.</summary>
    /// <param name="IsAccepted">Whether it was written to the console.</param>
    /// <param name="History">What the browser shall keep.</param>
    public sealed record CommandAnswer(bool IsAccepted, IReadOnlyList<string> History);
}
