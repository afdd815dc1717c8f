using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Jobs;

/// <summary>The job that a server is in. A component shows one server for its whole life: give it a key.</summary>
public sealed partial class ServerJobNotice : IDisposable
{
    private readonly Poller _poller = new(TimeSpan.FromSeconds(3));
    private JobSnapshot? _job;

    /// <summary>The server.</summary>
    [Parameter, EditorRequired]
    public ServerId Server { get; set; }

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ILogger<ServerJobNotice> Logger { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose() => _poller.Dispose();

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // After the page is there: it stands without this.
        if (!firstRender)
            return;
        _poller.Begin(Time, () => InvokeAsync(ReadAsync));
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            var job = await Fleet.FindJobAsync(Server);
            if (job is null && _job is null)
                return;
            _job = job;
            StateHasChanged();
        }
        catch (Exception e)
        {
            LogNotRead(Logger, e, Server);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Whether server {Server} is in a job could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
