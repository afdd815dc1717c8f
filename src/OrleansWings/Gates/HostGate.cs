using OrleansWings.Settings;

namespace OrleansWings.Gates;

/// <summary>Lets a request in only by a name of ours, and into a hub only a page of ours.</summary>
internal sealed class HostGate(RequestDelegate next, KnownHosts hosts)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HostOf(request) is not { } host)
            return RefuseAsync(context, StatusCodes.Status400BadRequest, $"'{request.Headers.Host}' is not the name of a host.");
        if (!hosts.IsOurs(host))
            return RefuseAsync(context, StatusCodes.Status400BadRequest,
                $"The dashboard does not know itself by the name '{host.Host}'. If it is right, start the program with {SettingNames.Hosts}={host}.");

        // Forms have their anti-forgery token. A hub has none, and browsers let any page open a web socket with our cookie.
        var isHub = request.Path.StartsWithSegments("/_blazor") || context.WebSockets.IsWebSocketRequest || request.Headers.Upgrade.Count > 0;
        if (isHub && request.Headers.Origin.FirstOrDefault(origin => !hosts.IsOurs(origin ?? "", host)) is { } origin)
            return RefuseAsync(context, StatusCodes.Status403Forbidden,
                $"A page of {origin} may not use this dashboard. If it is this dashboard behind a proxy, start the program with {SettingNames.Hosts} set to the name in the browser's address bar.");
        return next(context);
    }

    // Null for what ASP.NET Core throws at when it is looked at: an internationalized name that is none ("xn--").
    private static HostString? HostOf(HttpRequest request)
    {
        try
        {
            return request.Host;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why);
    }
}
