namespace OrleansWings.Servers;

/// <summary>What becomes of a deleted server's files.</summary>
public static class ServerTrash
{
    /// <summary>For how many days they are kept after the deletion.</summary>
    public const int Days = 7;

    /// <summary>The same as a time.</summary>
    public static TimeSpan Age { get; } = TimeSpan.FromDays(Days);
}
