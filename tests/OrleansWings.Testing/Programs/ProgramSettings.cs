using System.Diagnostics;

namespace OrleansWings.Testing.Programs;

/// <summary>The settings of a process of the program.</summary>
public static class ProgramSettings
{
    /// <summary>Gives a process these settings and none of the shell's that the tests run in.</summary>
    public static ProcessStartInfo WithOnly(this ProcessStartInfo start, IEnumerable<KeyValuePair<string, string>> settings)
    {
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("WINGS_", StringComparison.Ordinal) || name is "DOCKER_HOST").ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }
}
