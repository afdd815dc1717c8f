using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Fleets;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Dashboard.Usages;

/// <summary>A server's usage: numbers now, charts of the last ten minutes.</summary>
public sealed partial class ServerUsage : IAsyncDisposable
{
    private readonly ElementReference[] _charts = new ElementReference[UsageCharts.All.Count];
    private readonly UsageHistory _history = new();
    private readonly List<UsagePoint> _unsent = [];
    private ScriptHandle? _script;
    private bool _isPrefilled;

    /// <summary>The server. A component shows one for its whole life: give it a key.</summary>
    [Parameter, EditorRequired]
    public ServerId Server { get; set; }

    /// <summary>The newest sample; null while no process runs or none is confirmed.</summary>
    [Parameter]
    public UsageSample? Sample { get; set; }

    /// <summary>What its files took when it was last looked at, in bytes: known of a server that does not run too. Null when not.</summary>
    [Parameter]
    public long? FilesBytes { get; set; }

    /// <summary>What they may take, in bytes; 0 for no limit.</summary>
    [Parameter]
    public long FilesLimitBytes { get; set; }

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private ILogger<ServerUsage> Logger { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _script?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        try
        {
            foreach (var sample in await Fleet.GetServer(Server).ReadUsageAsync())
                _unsent.AddRange(_history.Add(sample));
        }
        catch (Exception e)
        {
            // The charts then begin with what is live.
            LogNotRead(Logger, e, Server);
        }

        _isPrefilled = true;
        OnParametersSet();
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        // What is live waits for the past: the other way round the past would be passed over as old.
        if (_isPrefilled && Sample is not null)
            _unsent.AddRange(_history.Add(Sample));
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            _script = await ScriptHandle.CreateAsync(Js, Assets[$"{App.Library}/dist/usage.js"], _charts, UsageCharts.All, UsageHistory.Span.TotalSeconds);

        if (_script is null || _unsent.Count == 0)
            return;
        var rows = _unsent.Select(UsageCharts.Row).ToArray();
        _unsent.Clear();
        await _script.Made.InvokeVoidAsync("add", (object)rows);
    }

    // The past ends with the program that measured it: an empty chart must not look like a server that does nothing.
    private string? Note => !_isPrefilled ? null
        : _history.Points.Count == 0 ? "Nothing was measured lately. The charts begin when the server runs, unless its host cannot measure."
        : _history.Points.Count < 10 ? "Collecting: the charts begin now."
        : null;

    private IEnumerable<(string Label, string Value, string More)> Numbers()
    {
        var rates = Sample is null ? null : _history.LastPoint;
        yield return ("CPU", Sample is null ? "–" : Format.Percent(Sample.CpuPercent), "of one core");
        yield return ("Memory", Sample is null ? "–" : Format.Bytes(Sample.MemoryBytes),
            Sample is { MemoryLimitBytes: > 0 } ? $"of {Format.Bytes(Sample.MemoryLimitBytes)}" : Sample is null ? "" : "no limit");
        yield return Files();
        yield return ("Network in", Rate(rates?.NetworkRx), Total(Sample?.NetworkRxBytes));
        yield return ("Network out", Rate(rates?.NetworkTx), Total(Sample?.NetworkTxBytes));
        yield return ("Disk read", Rate(rates?.DiskRead), DiskTotal(Sample?.DiskReadBytes));
        yield return ("Disk write", Rate(rates?.DiskWrite), DiskTotal(Sample?.DiskWriteBytes));
        yield return ("Processes", Sample is null ? "–" : Sample.Processes.ToString(System.Globalization.CultureInfo.InvariantCulture), "and threads");
        yield return Uptime(Sample);
    }

    // What the sample says is newer.
    private (long? Bytes, long Limit) FilesNow => Sample is { FilesBytes: not null } ? (Sample.FilesBytes, Sample.FilesLimitBytes) : (FilesBytes, FilesLimitBytes);

    private string? FilesWarning => FilesNow is ({ } bytes, > 0 and var limit) && bytes >= limit / 10 * 9
        ? bytes >= limit ? "Its files have reached their limit: it cannot run until some are removed or the limit is raised." : $"Its files take {bytes * 100.0 / limit:0} % of their limit. At the limit it is stopped."
        : null;

    private (string Label, string Value, string More) Files()
    {
        var (bytes, limit) = FilesNow;
        return ("Files", bytes is { } known ? Format.Bytes(known) : "–", limit > 0 ? $"of {Format.Bytes(limit)}" : bytes is null ? "" : "no limit");
    }

    // Both of its units do not fit into one line of the cell.
    private static (string Label, string Value, string More) Uptime(UsageSample? sample)
    {
        var words = sample is null ? ["–"] : Format.Duration(sample.Uptime).Split(' ');
        return ("Uptime", string.Join(' ', words.Take(2)), words.Length > 2 ? $"and {string.Join(' ', words.Skip(2))}" : "");
    }

    private static string Rate(double? rate) => rate is { } known && !double.IsNaN(known) ? Format.Rate(known) : "–";

    private string DiskTotal(long? bytes) => Sample is { IsDiskUncounted: true } ? "not counted" : Total(bytes);

    private static string Total(long? bytes) => bytes is { } known ? $"{Format.Bytes(known)} in all" : "";

    [LoggerMessage(LogLevel.Warning, "The usage of server {Server} could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ServerId server);
}
