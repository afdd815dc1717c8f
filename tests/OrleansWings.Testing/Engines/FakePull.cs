using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

/// <summary>How a pull of an image goes.</summary>
public sealed record FakePull
{
    /// <summary>Reported in order before the end.</summary>
    public IReadOnlyList<PullProgress> Steps { get; init; } = [new("", "Pulling", 0, 0), new("abc", "Downloading", 50, 100), new("abc", "Pull complete", 100, 100)];

    /// <summary>The pull waits for this after its steps.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>Why it fails; null when it does not.</summary>
    public string? Failure { get; init; }

    /// <summary>Who may pull it; null for everybody.</summary>
    public RegistryCredentials? Credentials { get; init; }
}
