namespace OrleansWings.Servers;

/// <summary>Which of the hosts that fit a new server goes to.</summary>
[GenerateSerializer, Alias("server-placement")]
public enum ServerPlacement
{
    /// <summary>The one with the most left: every server has room to breathe.</summary>
    Spread = 0,

    /// <summary>The one with the least left that is enough: others stay free for large servers, or for being switched off.</summary>
    Pack = 1,
}
