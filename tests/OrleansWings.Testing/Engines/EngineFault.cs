namespace OrleansWings.Testing.Engines;

/// <summary>What can become of a request on its way to an engine.</summary>
public enum EngineFault
{
    /// <summary>Held until the test lets it go on, or drops it.</summary>
    Hold,

    /// <summary>Passed on a moment later.</summary>
    Delay,

    /// <summary>Answered with 500 and a message in the engine's own form; the engine never sees the request.</summary>
    Refuse,

    /// <summary>Answered with 502 and a web page, as a proxy in front of an engine does.</summary>
    Garbage,

    /// <summary>The connection is cut before the engine has seen the request.</summary>
    Cut,

    /// <summary>The engine does it, and the connection is cut in the middle of its answer.</summary>
    CutBody,

    /// <summary>Nothing is passed on, and nothing is answered.</summary>
    Silence,

    /// <summary>The engine does it, and its answer never comes.</summary>
    Swallow,
}
