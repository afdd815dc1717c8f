using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>The fields of a spec, for a new server and for changing one.</summary>
public sealed partial class ServerForm
{
    private bool _isAdvancedOpen;
    private string? _message;
    private bool _isSending;
    private string? _imagesOf;
    private ImmutableArray<string> _images = [];

    /// <summary>What is typed; kept by the page, so that a refusal loses nothing.</summary>
    [Parameter, EditorRequired]
    public ServerFormModel Form { get; set; } = default!;

    /// <summary>Sends a spec that can be, and gives the answer.</summary>
    [Parameter, EditorRequired]
    public Func<ServerSpec, Task<ServerResult>> Send { get; set; } = default!;

    /// <summary>The word on the button.</summary>
    [Parameter, EditorRequired]
    public string SubmitText { get; set; } = "";

    /// <summary>Where "Cancel" goes.</summary>
    [Parameter]
    public string CancelHref { get; set; } = "/";

    /// <summary>Beside the button, when there is more than one way on.</summary>
    [Parameter]
    public RenderFragment? MoreActions { get; set; }

    /// <summary>Whether the server exists: its host then stays.</summary>
    [Parameter]
    public bool IsEdit { get; set; }

    /// <summary>Something was typed or chosen.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>The name under which the browser's tab keeps what is typed; null when it keeps nothing.</summary>
    [Parameter]
    public string? Draft { get; set; }

    [Inject]
    private IFleet Servers { get; set; } = default!;

    [Inject]
    private ILogger<ServerForm> Logger { get; set; } = default!;

    private FieldFaults Faults { get; } = new();

    // What is said at its field is not said again; a fault whose field this form does not have is said here.
    private string? Message => _message ?? (!Faults.IsSent || !Faults.Shown.Any() ? null
        : Faults.Elsewhere(HasField) ?? "Nothing is saved yet: some fields need another look.");

    // Opened for a fault it stays open: it must not close under the hands of who mends it.
    private bool IsAdvancedOpen => _isAdvancedOpen |= IsAdvancedFaulty;

    private bool IsAdvancedFaulty => Faults.Shown.Any(fault =>
        fault.Field is "TimeZone" or "StartPriority" or "Limits.SwapMiB" or "Limits.CpuSet" or "Limits.ProcessLimit" or "Limits.IoWeight" or "Limits.IsOomKillDisabled" or "IsOutgoingIpForced"
        || fault.Field.StartsWith("Command", StringComparison.Ordinal) || fault.Field.StartsWith("Labels", StringComparison.Ordinal)
        || fault.Field.StartsWith("Mounts", StringComparison.Ordinal));

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // After the form is there: a host may take seconds to say what it has, and nobody needs it to type.
        if (_imagesOf == Form.Host)
            return;
        var asked = _imagesOf = Form.Host;
        try
        {
            var hosts = Picture.Hosts.Where(host => asked.Length == 0 || host.Id.Value == asked);
            var lists = await Task.WhenAll(hosts.Select(host => Servers.GetHost(host.Id).ListImagesAsync()));
            if (asked != _imagesOf)
                return;
            _images = [.. lists.SelectMany(list => list).Distinct().Order(StringComparer.Ordinal)];
            StateHasChanged();
        }
        catch (Exception e)
        {
            LogNoSuggestions(Logger, e);
        }
    }

    private bool HasField(string field) => field switch
    {
        "Name" or "Image" or "Startup" or "Ports" or "Environment" or "DoneLines" or "Command" or "Labels" or "Mounts" or "TimeZone" or "StartPriority" or "Stop.Grace" => true,
        "Limits.MemoryMiB" or "Limits.CpuPercent" or "Limits.DiskMiB" or "Limits.SwapMiB" or "Limits.CpuSet" or "Limits.ProcessLimit" or "Limits.IoWeight" or "Limits.IsOomKillDisabled" or "IsOutgoingIpForced" => true,
        "Stop.Value" => Form.StopKind != StopKind.Native,
        _ => PlacementFields.HasField(field, Form, Picture, IsEdit) || field.StartsWith("DoneLines[", StringComparison.Ordinal) || field.StartsWith("Command[", StringComparison.Ordinal)
            || field.StartsWith("Mounts[", StringComparison.Ordinal)
            || field.StartsWith("Labels[", StringComparison.Ordinal) || Form.Ports.Where((_, i) => field == $"Ports[{i}]" || field == $"Ports[{i}].Ip").Any() || Form.Environment.Any(row => field == $"Environment[{row.Name.Trim()}]"),
    };

    private void Set(string field, Action change)
    {
        change();
        ServerFormReader.Read(Form, out var faults);
        Faults.Touch(field, faults);
        _ = Changed.InvokeAsync();
        // Told by a part of the form, this would render only that part.
        StateHasChanged();
    }

    // Of what can be no fault by itself.
    private void Change(Action change)
    {
        change();
        _ = Changed.InvokeAsync();
    }

    private void SetAddress(string field, PortRow row, string value)
    {
        // What the server said of the port may be over with another address.
        Set(field, () => row.Ip = value);
        Set($"{field}.Ip", () => { });
    }

    private void OnStopKind(ChangeEventArgs change) => Set("Stop.Value", () =>
    {
        Form.StopKind = Enum.Parse<StopKind>(change.Value as string ?? "");
        // A command is no signal and the other way round: begin with the usual one.
        Form.StopValue = Form.StopKind switch { StopKind.Command => "stop", StopKind.Signal => "SIGTERM", _ => "" };
    });

    private void AddPort()
    {
        var own = Form.Ports.Select(row => int.TryParse(row.Port, out var port) ? port : 0).Where(port => port > 0).ToList();
        var next = PortSuggestion.Next(Picture.Servers.SelectMany(listing => listing.Snapshot.Ports), own);
        Change(() => Form.Ports.Add(new PortRow { Ip = Form.Ports.LastOrDefault()?.Ip ?? "0.0.0.0", Port = next is { } port ? $"{port}" : "" }));
    }

    private async Task SubmitAsync()
    {
        // The second half of a double click.
        if (_isSending)
            return;
        var spec = ServerFormReader.Read(Form, out var faults);
        Faults.Send(faults);
        _message = null;
        if (!faults.IsEmpty)
            return;

        _isSending = true;
        try
        {
            var result = await Send(spec);
            if (result.IsAccepted)
                return;
            _message = result.Faults.IsEmpty ? result.Message : null;
            Faults.Answer(result.Faults);
        }
        catch (Exception e)
        {
            // What was typed stays, whatever happened.
            LogNotSent(Logger, e);
            _message = "The program met a fault, its log says which. Whether it was done is not known; sending again cannot do it twice.";
        }
        finally
        {
            _isSending = false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The images of the hosts could not be listed; the form suggests none.")]
    private static partial void LogNoSuggestions(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "A server's spec could not be sent.")]
    private static partial void LogNotSent(ILogger logger, Exception exception);
}
