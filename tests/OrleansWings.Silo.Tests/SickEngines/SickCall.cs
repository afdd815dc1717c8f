using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>One call of a server's life to its engine.</summary>
/// <param name="Name">For people.</param>
/// <param name="Method">Of its request.</param>
/// <param name="Parts">What its request's first line has in it.</param>
internal sealed record SickCall(string Name, string Method, params string[] Parts)
{
    public static readonly SickCall[] All =
    [
        // A start. A server's container has its name, which begins so by the time it is made at; a list's path has not.
        new("inspect", "GET", "/containers/0", "/json"),
        new("find", "GET", "/containers/json"),
        new("look for image", "GET", "/images/", "/json"),
        new("pull", "POST", "/images/create"),
        new("inspect network", "GET", "/networks/"),
        new("make network", "POST", "/networks/create"),
        new("remove old", "DELETE", "/containers/"),
        new("create", "POST", "/containers/create"),
        new("attach", "POST", "/attach?"),
        new("start", "POST", "/start"),
        // While it runs.
        new("update limits", "POST", "/update"),
        new("attach again", "POST", "/attach?"),
        new("join log", "GET", "/logs?"),
        new("events", "GET", "/events?"),
        new("info", "GET", "/info"),
        new("version", "GET", "/version"),
        new("usage", "GET", "/stats?"),
        new("compare list", "GET", "/containers/json"),
        new("compare network", "GET", "/networks/"),
        new("compare bridges", "GET", "/networks?"),
        new("compare limits", "GET", "/containers/0", "/json"),
        new("set limits again", "POST", "/update"),
        new("look at orphan", "GET", "/containers/", "/json"),
        new("remove orphan", "DELETE", "/containers/"),
        new("remove bridge", "DELETE", "/networks/"),
        new("rename", "POST", "/rename?"),
        new("list images", "GET", "/images/json"),
        new("remove image", "DELETE", "/images/"),
        // Its end.
        new("look at end", "GET", "/containers/0", "/json"),
        new("signal", "POST", "/kill?"),
        new("native stop", "POST", "/stop?"),
        new("kill", "POST", "/kill?"),
        new("wait", "POST", "/wait"),
        new("delete", "DELETE", "/containers/"),
    ];

    /// <summary>What it can meet. An answer that never comes is another thing than a request that never came only where something is changed; what is done all the same comes last.</summary>
    public IReadOnlyList<EngineFault> Faults { get; } =
        [EngineFault.Refuse, EngineFault.Garbage, EngineFault.Cut, EngineFault.Silence, EngineFault.CutBody, .. Method == "GET" ? (EngineFault[])[] : [EngineFault.Swallow]];
}
