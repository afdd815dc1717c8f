using System.Diagnostics;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A command of the program that works on a cluster's store.</summary>
internal static class StateCommand
{
    /// <summary>Makes what starts it.</summary>
    /// <param name="data">Its WINGS_DATA.</param>
    /// <param name="server">The Redis whose password it has.</param>
    /// <param name="redis">How it gets there; null for a machine that is alone.</param>
    /// <param name="arguments">The command.</param>
    /// <param name="settings">Settings besides; an empty one takes away what is usual.</param>
    public static ProcessStartInfo Prepare(string data, RedisServer? server, string? redis, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string>
        {
            ["WINGS_DATA"] = data,
            ["WINGS_URLS"] = $"http://127.0.0.1:{FreePort.Find()}",
            ["WINGS_ALLOW_PLAIN_CLUSTER"] = "true",
        };
        if (redis is not null)
            (all["WINGS_REDIS"], all["WINGS_REDIS_PASSWORD_FILE"]) = (redis, server!.PasswordFile);
        foreach (var (name, value) in settings)
            all[name] = value;
        return new ProcessStartInfo(PublishedProgram.Path, arguments) { WorkingDirectory = "/" }.WithOnly(all.Where(setting => setting.Value.Length > 0));
    }
}
