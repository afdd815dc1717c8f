using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Jobs;

/// <summary>The fields of a new job, as they are typed.</summary>
public sealed class JobFormModel
{
    /// <summary>What every server is asked.</summary>
    public PowerAction Action { get; set; } = PowerAction.Restart;

    /// <summary>Whether every server is meant, as far as the other fields fit.</summary>
    public bool IsEveryServer { get; set; }

    /// <summary>The host's name; "" for all.</summary>
    public string Host { get; set; } = "";

    /// <summary>"key=value", with spaces or commas between several.</summary>
    public string Labels { get; set; } = "";

    /// <summary>Words that occur in a server's name, host, ports or id.</summary>
    public string Text { get; set; } = "";

    /// <summary>The state's name; "" for all.</summary>
    public string State { get; set; } = "";

    /// <summary>For people.</summary>
    public string Title { get; set; } = "";

    /// <summary>How many at once.</summary>
    public string MaxParallel { get; set; } = "5";

    /// <summary>How many of one host at once.</summary>
    public string MaxParallelPerHost { get; set; } = "2";

    /// <summary>Minutes for one server.</summary>
    public string StepMinutes { get; set; } = "15";

    /// <summary>Seconds for which a started one has to stay running.</summary>
    public string HoldSeconds { get; set; } = "5";

    /// <summary>0 for never.</summary>
    public string StopAfterFailures { get; set; } = "3";

    /// <summary>Minutes for which servers with somebody connected are left alone; "" for not looking.</summary>
    public string PlayersMinutes { get; set; } = "";

    /// <summary>Minutes from now; "" for at once.</summary>
    public string BeginInMinutes { get; set; } = "";

    /// <summary>Minutes from its beginning; "" for no end.</summary>
    public string LastMinutes { get; set; } = "";
}
