using System.Globalization;

namespace OrleansWings.Containers.Engines;

/// <summary>Reads which users an engine with "userns-remap" makes of its containers': it says so only in the name of its data folder.</summary>
internal static class RemappedUsers
{
    /// <summary>The machine's user and group that root of a container is; null when users are as they are.</summary>
    /// <param name="securityOptions">The engine's, as "name=userns".</param>
    /// <param name="dataFolder">The engine's, as "/var/lib/docker/231072.231072".</param>
    public static (int User, int Group)? Read(IEnumerable<string>? securityOptions, string? dataFolder)
    {
        if (securityOptions?.Any(option => option.Split(',').Contains("name=userns")) != true)
            return null;
        return Path.GetFileName(dataFolder ?? "").Split('.') is [var user, var group] && TryParse(user, out var first) && TryParse(group, out var second) ? (first, second) : null;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
