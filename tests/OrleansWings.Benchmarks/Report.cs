using System.Globalization;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Benchmarks;

/// <summary>The table: what was measured, beside the raw engine's figure and the target.</summary>
internal sealed class Report
{
    private readonly List<string> _rows = [];
    private readonly List<string> _notes = [];

    public async Task WriteMachineAsync(IContainerEngine engine)
    {
        var facts = await engine.GetFactsAsync(CancellationToken.None);
        await WriteMachineAsync($"engine {facts.Version}");
    }

    public async Task WriteMachineAsync(string engine)
    {
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        Console.WriteLine($"{Environment.ProcessorCount} cores, {engine}, .NET {Environment.Version}, load before the start {load}");
        Console.WriteLine();
    }

    /// <summary>A figure whose target is a multiple of the raw engine's.</summary>
    /// <param name="what">What was measured, with its unit.</param>
    /// <param name="ours">Ours.</param>
    /// <param name="raw">The raw engine's, or the value it is held against.</param>
    /// <param name="atMost">The most that ours may be as a multiple of it.</param>
    public void Ratio(string what, double ours, double raw, double atMost)
        => Add(what, Text(ours), Text(raw), Text(ours / raw), $"≤ {Text(atMost)} ×", ours <= raw * atMost);

    public void AtMost(string what, double ours, double target, double? raw = null)
        => Add(what, Text(ours), raw is { } value ? Text(value) : "", raw is { } other ? Text(ours / other) : "", $"≤ {Text(target)}", ours <= target);

    public void AtLeast(string what, double ours, double target, double? raw = null)
        => Add(what, Text(ours), raw is { } value ? Text(value) : "", raw is { } other ? Text(ours / other) : "", $"≥ {Text(target)}", ours >= target);

    public void AtLeastRatio(string what, double ours, double raw, double atLeast)
        => Add(what, Text(ours), Text(raw), Text(ours / raw), $"≥ {Text(atLeast)} ×", ours >= raw * atLeast);

    /// <summary>A figure without a target, for reading the others.</summary>
    public void Plain(string what, double ours, double? raw = null)
        => Add(what, Text(ours), raw is { } value ? Text(value) : "", raw is { } other ? Text(ours / other) : "", "", null);

    public void Note(string text) => _notes.Add(text);

    public void Write()
    {
        Console.WriteLine("| what | ours | raw | ratio | target | |");
        Console.WriteLine("|---|---|---|---|---|---|");
        _rows.ForEach(Console.WriteLine);
        _notes.ForEach(note => Console.WriteLine($"\n{note}"));
    }

    private void Add(string what, string ours, string raw, string ratio, string target, bool? isMet)
    {
        var row = $"| {what} | {ours} | {raw} | {ratio} | {target} | {isMet switch { true => "met", false => "missed", null => "" }} |";
        _rows.Add(row);
        Console.Error.WriteLine(row);
    }

    private static string Text(double value)
        => value.ToString(value >= 1_000 ? "N0" : value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
