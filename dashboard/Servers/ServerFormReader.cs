using System.Collections.Immutable;
using System.Globalization;
using OrleansWings.Allocations;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Makes a spec of what was typed, and finds every fault: of what is no number, and of what the spec cannot be.</summary>
public sealed class ServerFormReader
{
    private readonly List<SpecFault> _faults = [];

    private ServerFormReader()
    {
    }

    /// <summary>Reads a form.</summary>
    /// <param name="form">As typed.</param>
    /// <param name="faults">Every fault; empty when the spec can be.</param>
    public static ServerSpec Read(ServerFormModel form, out ImmutableArray<SpecFault> faults)
    {
        var reader = new ServerFormReader();
        var spec = reader.ReadSpec(form);
        // A field that is no number has a stand-in in the spec: what is said of that one is beside the point.
        var unreadable = reader._faults.Select(fault => fault.Field).ToHashSet();
        faults = [.. reader._faults, .. ServerSpecValidator.Validate(spec).Where(fault => !unreadable.Contains(fault.Field))];
        return spec;
    }

    private ServerSpec ReadSpec(ServerFormModel form) => form.Original with
    {
        Name = form.Name.Trim(),
        Image = form.Image.Trim(),
        Startup = form.Startup.Trim(),
        Command = Lines(form.Command),
        Stop = new StopRule
        {
            Kind = form.StopKind,
            Value = form.StopKind == StopKind.Native ? "" : form.StopValue,
            Grace = Grace(form.Grace),
        },
        DoneLines = Lines(form.DoneLines),
        Environment = Environment(form.Environment),
        Limits = form.Original.Limits with
        {
            MemoryMiB = Whole("Limits.MemoryMiB", form.MemoryMiB),
            SwapMiB = Whole("Limits.SwapMiB", form.SwapMiB),
            CpuPercent = Whole("Limits.CpuPercent", form.CpuPercent),
            DiskMiB = Whole("Limits.DiskMiB", form.DiskMiB),
            CpuSet = form.CpuSet.Trim(),
            ProcessLimit = Whole("Limits.ProcessLimit", form.ProcessLimit),
            IoWeight = Int("Limits.IoWeight", form.IoWeight),
            IsOomKillDisabled = form.IsOomKillDisabled,
        },
        Ports = [.. form.Ports.Select((row, i) => new Allocation(row.Ip.Trim(), Port($"Ports[{i}]", row.Port)))],
        Host = Host(form.Host.Trim()),
        HostLabels = HostLabels(form.HostLabels),
        Labels = Labels(form.Labels),
        Mounts = Mounts(form.Mounts),
        IsOutgoingIpForced = form.IsOutgoingIpForced,
        Placement = form.Placement,
        StartPriority = Int("StartPriority", form.StartPriority),
        PortCount = Int("PortCount", form.PortCount),
        TimeZone = form.TimeZone.Trim(),
        RestartOnCrash = form.RestartOnCrash,
    };

    private ImmutableSortedDictionary<string, string> Environment(List<VariableRow> rows)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (var row in rows)
        {
            var name = row.Name.Trim();
            if (name.Length == 0 && row.Value.Length == 0)
                continue;
            if (!variables.TryAdd(name, row.Value))
                _faults.Add(new SpecFault($"Environment[{name}]", $"{name} is there twice."));
        }

        return variables.ToImmutable();
    }

    private HostId? Host(string text)
    {
        if (text.Length == 0)
            return null;
        if (HostId.TryParse(text, null, out var host))
            return host;
        _faults.Add(new SpecFault("Host", $"'{text}' is not a host name."));
        return null;
    }

    private ImmutableSortedDictionary<string, string> Labels(string text)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in Lines(text))
        {
            var parts = line.Split('=', 2);
            var key = parts[0].Trim();
            if (!labels.TryAdd(key, parts.Length == 2 ? parts[1].Trim() : ""))
                _faults.Add(new SpecFault($"Labels[{key}]", $"{key} is there twice."));
        }

        return labels.ToImmutable();
    }

    private ImmutableArray<MountSpec> Mounts(string text)
    {
        var mounts = MountText.Read(Lines(text), out var faults);
        _faults.AddRange(faults);
        return mounts;
    }

    private ImmutableSortedDictionary<string, string> HostLabels(string text)
    {
        var labels = LabelText.Read(text, out var fault);
        if (fault is not null)
            _faults.Add(new SpecFault("HostLabels", fault));
        return labels;
    }

    private int Port(string field, string text)
    {
        var trimmed = text.Trim();
        if (int.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port))
            return port;
        _faults.Add(new SpecFault(field, $"'{trimmed}' is not a port: 1 to 65535."));
        return 1;
    }

    private long Whole(string field, string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            return 0;
        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        _faults.Add(new SpecFault(field, $"'{trimmed}' is not a whole number."));
        return 0;
    }

    // What is beyond an int is far beyond what any of these fields may be.
    private int Int(string field, string text)
    {
        var number = Whole(field, text);
        if (number is >= int.MinValue and <= int.MaxValue)
            return (int)number;
        _faults.Add(new SpecFault(field, $"{number} is too large or too small a number."));
        return 0;
    }

    private TimeSpan Grace(string text)
    {
        var trimmed = text.Trim();
        if (!double.TryParse(trimmed, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            _faults.Add(new SpecFault("Stop.Grace", $"'{trimmed}' is not a number of seconds."));
        else if (Math.Abs(number) > 86_400)
            // Far beyond a day TimeSpan itself would overflow; the validator says the same of what is nearer.
            _faults.Add(new SpecFault("Stop.Grace", $"{trimmed} s is not a grace period: 1 s to 3,600 s."));
        else
            return TimeSpan.FromSeconds(number);
        return StopRule.Default.Grace;
    }

    private static ImmutableArray<string> Lines(string text)
        => [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Trim().Length > 0)];
}
