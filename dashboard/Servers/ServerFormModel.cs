using System.Globalization;
using System.Text.Json.Serialization;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>A variable as typed.</summary>
public sealed class VariableRow
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its value.</summary>
    public string Value { get; set; } = "";
}

/// <summary>An address and a port as typed.</summary>
public sealed class PortRow
{
    /// <summary>The address.</summary>
    public string Ip { get; set; } = "0.0.0.0";

    /// <summary>The port.</summary>
    public string Port { get; set; } = "";
}

/// <summary>
/// A spec as a person types it: everything is text, so that what cannot be is kept and said at its field.
/// <see cref="ServerFormReader"/> makes a spec of it.
/// </summary>
public sealed class ServerFormModel
{
    /// <summary>The spec that the form was made from: what the form has no field for stays as it was.</summary>
    [JsonIgnore]
    public ServerSpec Original { get; init; } = new() { Name = "", Image = "", Startup = "" };

    /// <summary>Name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Image.</summary>
    public string Image { get; set; } = "";

    /// <summary>Start-up command.</summary>
    public string Startup { get; set; } = "";

    /// <summary>The container's own command, one argument per line.</summary>
    public string Command { get; set; } = "";

    /// <summary>The way to stop.</summary>
    public StopKind StopKind { get; set; } = StopRule.Default.Kind;

    /// <summary>The command or the signal.</summary>
    public string StopValue { get; set; } = StopRule.Default.Value;

    /// <summary>The grace period in seconds.</summary>
    public string Grace { get; set; } = Text(StopRule.Default.Grace.TotalSeconds);

    /// <summary>The done-lines, one per line.</summary>
    public string DoneLines { get; set; } = "";

    /// <summary>The environment.</summary>
    public List<VariableRow> Environment { get; init; } = [];

    /// <summary>The ports; the first is the primary one.</summary>
    public List<PortRow> Ports { get; init; } = [];

    /// <summary>Whether it sends from the primary port's address.</summary>
    public bool IsOutgoingIpForced { get; set; }

    /// <summary>Memory in MiB.</summary>
    public string MemoryMiB { get; set; } = "";

    /// <summary>Swap in MiB.</summary>
    public string SwapMiB { get; set; } = "";

    /// <summary>CPU in % of a core.</summary>
    public string CpuPercent { get; set; } = "";

    /// <summary>Disk in MiB.</summary>
    public string DiskMiB { get; set; } = "";

    /// <summary>Cores.</summary>
    public string CpuSet { get; set; } = "";

    /// <summary>Whether a process that ended unasked is started again.</summary>
    public bool RestartOnCrash { get; set; } = true;

    /// <summary>Processes.</summary>
    public string ProcessLimit { get; set; } = "";

    /// <summary>I/O weight.</summary>
    public string IoWeight { get; set; } = "";

    /// <summary>Whether a process without memory waits rather than be ended.</summary>
    public bool IsOomKillDisabled { get; set; }

    /// <summary>The container's labels, "key=value", one per line.</summary>
    public string Labels { get; set; } = "";

    /// <summary>The host; empty for an automatic choice.</summary>
    public string Host { get; set; } = "";

    /// <summary>Mounts, one per line.</summary>
    public string Mounts { get; set; } = "";

    /// <summary>Labels that its host must have.</summary>
    public string HostLabels { get; set; } = "";

    /// <summary>Which of the hosts that fit.</summary>
    public ServerPlacement Placement { get; set; }

    /// <summary>When many start at once: higher goes first.</summary>
    public string StartPriority { get; set; } = "";

    /// <summary>How many ports in all.</summary>
    public string PortCount { get; set; } = "";

    /// <summary>The time zone.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Whether no part is null: the text of a draft may say anything.</summary>
    [JsonIgnore]
    public bool IsWhole => Environment?.All(row => row is { Name: not null, Value: not null }) == true && Ports?.All(row => row is { Ip: not null, Port: not null }) == true
        && new[] { Name, Image, Startup, Command, StopValue, Grace, DoneLines, MemoryMiB, SwapMiB, CpuPercent, DiskMiB, CpuSet, ProcessLimit, IoWeight, Labels, Mounts, Host, HostLabels, StartPriority, PortCount, TimeZone }.All(text => text is not null);

    /// <summary>A new server with the defaults of a spec.</summary>
    public static ServerFormModel New() => From(new ServerFormModel().Original);

    /// <summary>A form that shows a spec.</summary>
    public static ServerFormModel From(ServerSpec spec)
    {
        var form = new ServerFormModel
        {
            Original = spec,
            Name = spec.Name,
            Image = spec.Image,
            Startup = spec.Startup,
            Command = string.Join('\n', spec.Command),
            StopKind = spec.Stop.Kind,
            StopValue = spec.Stop.Value,
            Grace = Text(spec.Stop.Grace.TotalSeconds),
            DoneLines = string.Join('\n', spec.DoneLines),
            IsOutgoingIpForced = spec.IsOutgoingIpForced,
            MemoryMiB = Text(spec.Limits.MemoryMiB),
            SwapMiB = Text(spec.Limits.SwapMiB),
            CpuPercent = Text(spec.Limits.CpuPercent),
            DiskMiB = Text(spec.Limits.DiskMiB),
            CpuSet = spec.Limits.CpuSet,
            ProcessLimit = Text(spec.Limits.ProcessLimit),
            IoWeight = Text(spec.Limits.IoWeight),
            IsOomKillDisabled = spec.Limits.IsOomKillDisabled,
            Labels = string.Join('\n', spec.Labels.Select(label => $"{label.Key}={label.Value}")),
            Host = spec.Host?.Value ?? "",
            Mounts = MountText.Write(spec.Mounts),
            HostLabels = LabelText.Write(spec.HostLabels),
            Placement = spec.Placement,
            StartPriority = Text(spec.StartPriority),
            PortCount = spec.PortCount == 0 ? "" : Text(spec.PortCount),
            TimeZone = spec.TimeZone,
            RestartOnCrash = spec.RestartOnCrash,
        };
        form.Environment.AddRange(spec.Environment.Select(pair => new VariableRow { Name = pair.Key, Value = pair.Value }));
        form.Ports.AddRange(spec.Ports.Select(port => new PortRow { Ip = port.Ip, Port = Text(port.Port) }));
        return form;
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
