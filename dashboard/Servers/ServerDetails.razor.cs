using System.Globalization;
using Microsoft.AspNetCore.Components;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Usages;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

public sealed partial class ServerDetails
{
    private ServerSpec? _spec;
    private long _version = -1;

    [Parameter, EditorRequired]
    public ServerSnapshot Server { get; set; } = default!;

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_version == Server.SpecVersion)
            return;
        _version = Server.SpecVersion;
        _spec = await Fleet.GetServer(Server.Id).GetSpecAsync();
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
}
