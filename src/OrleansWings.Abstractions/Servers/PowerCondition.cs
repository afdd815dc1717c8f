namespace OrleansWings.Servers;

/// <summary>
/// A condition that goes with a power action: that the server is still in the run in which it was seen. Somebody who asks a second time, because the first answer never came, or for one
/// who died, must not have it done twice when the first question arrives late after all. A host of an earlier version asks for no condition.
/// </summary>
/// <remarks>It goes with the calls of the asynchronous method that sets it, and of what it calls; it ends with that method.</remarks>
public static class PowerCondition
{
    private const string Key = "wings.run";

    /// <summary>From here on: only while the server is in this run. Refused as <see cref="ServerRefusal.Changed"/> otherwise.</summary>
    /// <param name="run">The run in which it was seen.</param>
    public static void OnlyInRun(int run) => RequestContext.Set(Key, run);

    /// <summary>The run that who calls now insists on; null for none.</summary>
    public static int? Run => RequestContext.Get(Key) as int?;
}
