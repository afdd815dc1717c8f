namespace OrleansWings.EndToEnd.Tests.Pages;

/// <summary>What a test types into the dialog; what is null stays as the dialog has it.</summary>
internal sealed record GameSettings
{
    public string Name { get; init; } = "Game";

    public string Image { get; init; } = "~" + RealEngine.Image;

    public string Startup { get; init; } = "game";

    public string DoneLines { get; init; } = "For help, type";

    public string? StopCommand { get; init; } = "stop";

    public string? GraceSeconds { get; init; }

    public string? MemoryMiB { get; init; }

    /// <summary>0 for no port.</summary>
    public int Port { get; init; }

    /// <summary>Of that port.</summary>
    public string? Address { get; init; }

    /// <summary>Variables of the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
