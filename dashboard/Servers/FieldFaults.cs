using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>
/// The faults of a form, by field. What a person has not come to yet is not held against them before they send it; what
/// the server said of a field stands until the field is changed.
/// </summary>
public sealed class FieldFaults
{
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly List<SpecFault> _answered = [];
    private ImmutableArray<SpecFault> _found = [];

    /// <summary>Whether the form was sent at least once.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Every fault that shows now.</summary>
    public IEnumerable<SpecFault> Shown
        => _found.Where(fault => IsSent || _touched.Any(touched => IsOf(fault, touched))).Concat(_answered).DistinctBy(fault => (fault.Field, fault.Message));

    /// <summary>A field was changed; the form was read again.</summary>
    public void Touch(string field, ImmutableArray<SpecFault> found)
    {
        _touched.Add(field);
        _answered.RemoveAll(fault => IsOf(fault, field));
        _found = found;
    }

    /// <summary>The form was sent: now everything shows.</summary>
    public void Send(ImmutableArray<SpecFault> found)
    {
        IsSent = true;
        _answered.Clear();
        _found = found;
    }

    /// <summary>The server's answer names faults of its own.</summary>
    public void Answer(ImmutableArray<SpecFault> faults) => _answered.AddRange(faults.Except(_answered));

    /// <summary>What to say at a field; null when nothing.</summary>
    public string? At(string field) => Join(Shown.Where(fault => fault.Field == field));

    /// <summary>What to say at a field that stands for a list: of the list and of each of its members.</summary>
    public string? Of(string list) => Join(Shown.Where(fault => IsOf(fault, list)));

    /// <summary>What shows of fields that the form does not have; null when nothing does.</summary>
    public string? Elsewhere(Func<string, bool> hasField) => Join(Shown.Where(fault => !hasField(fault.Field)));

    // Of a field, or of a member of the list that it stands for.
    private static bool IsOf(SpecFault fault, string field) => fault.Field == field || fault.Field.StartsWith(field + "[", StringComparison.Ordinal);

    private static string? Join(IEnumerable<SpecFault> faults)
        => string.Join(' ', faults.Select(fault => fault.Message)) is { Length: > 0 } text ? text : null;
}
