using System.Globalization;
using Microsoft.JSInterop;

namespace OrleansWings.Dashboard.Layout;

/// <summary>Times as the clock on the viewer's wall shows them; one per circuit.</summary>
public sealed class ViewerClock(TimeProvider time)
{
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    /// <summary>Now.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Asks the browser for its zone.</summary>
    public async Task ReadZoneAsync(IJSRuntime js)
    {
        var zone = await js.InvokeAsync<string?>("orleansWings.timeZone");
        // A machine without zone data, or a browser that hides its zone: UTC, and it is said.
        if (zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            _zone = found;
    }

    /// <summary>"14:03:22" today, else "2026-11-23 14:03"; with "UTC" where the viewer's zone is not known.</summary>
    public string Say(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, _zone);
        var today = TimeZoneInfo.ConvertTime(Now, _zone).Date;
        var text = local.ToString(local.Date == today ? "HH:mm:ss" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return ReferenceEquals(_zone, TimeZoneInfo.Utc) ? text + " UTC" : text;
    }
}
