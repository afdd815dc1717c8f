using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Usages;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class ServerDetails
{
    private ServerSpec? _spec;
    private long _version = -1;
    private bool _isFaulty;

    [Parameter, EditorRequired]
    public ServerSnapshot Server { get; set; } = default!;

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ILogger<ServerDetails> Logger { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_version == Server.SpecVersion)
            return;
        _version = Server.SpecVersion;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            _spec = await Fleet.GetServer(Server.Id).GetSpecAsync();
            _isFaulty = false;
        }
        catch (Exception e)
        {
            // The rest of the page stands without it.
            LogNotRead(Logger, e, Server.Id);
            _isFaulty = true;
        }
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        if (_spec is { } spec)
        {
            yield return ("Image", spec.Image);
            yield return ("Start-up", spec.Startup);
            yield return ("Stop", SpecWords.Stop(spec.Stop));
            if (!spec.DoneLines.IsEmpty)
                yield return ("Done when", string.Join(" or ", spec.DoneLines));
            yield return ("Limits", SpecWords.Limits(spec.Limits));
            if (!spec.Environment.IsEmpty)
                yield return ("Environment", string.Join(", ", spec.Environment.Keys));
            if (!spec.Mounts.IsEmpty)
                yield return ("Mounts", string.Join(", ", spec.Mounts.Select(mount => mount.Target + (mount.IsReadOnly ? " (read only)" : ""))));
        }

        yield return ("Ports", Server.Ports.IsEmpty ? "none" : Format.AllPorts(Server.Ports));
        yield return ("Run", Server.Run == 0 ? "never started" : Server.Run.ToString(CultureInfo.InvariantCulture));
        if (Server.LastExit is { } exit)
            yield return ("Last exit", $"{ProblemWords.Say(exit)} {Clock.Say(exit.At)}");
        yield return ("Id", Server.Id.ToString());
    }

    [LoggerMessage(LogLevel.Warning, "The spec of server {Server} could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
