using System.Text;
using System.Text.RegularExpressions;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>The last events (a click, a change) that a page sent to its circuit, for the words of a failure.</summary>
internal sealed partial class EventTail
{
    private const int Kept = 8;

    private readonly Lock _lock = new();
    private readonly Queue<string> _events = new();

    /// <summary>Looks for events in what was sent.</summary>
    public void Note(byte[]? frame)
    {
        if (frame is null)
            return;
        var text = Encoding.UTF8.GetString(frame);
        lock (_lock)
        {
            foreach (Match match in EventPattern().Matches(text))
            {
                _events.Enqueue($"{TimeProvider.System.GetUtcNow():mm:ss.fff} {match.Groups[2].Value} {match.Groups[1].Value}");
                if (_events.Count > Kept)
                    _events.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return _events.Count == 0 ? "no event" : string.Join(", ", _events);
    }

    [GeneratedRegex("""eventHandlerId":(\d+),"eventName":"(\w+)""")]
    private static partial Regex EventPattern();
}
