namespace OrleansWings.Testing.Programs;

/// <summary>
/// The program as an earlier commit has it, which test.sh builds beside the newest where the repository has its history.
/// Tests that need it have the trait Needs=EarlierProgram, and run only there.
/// </summary>
public static class EarlierProgram
{
    /// <summary>The executable.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Path => Environment.GetEnvironmentVariable("WINGS_TEST_EARLIER_PROGRAM") is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException("WINGS_TEST_EARLIER_PROGRAM names no program: ./test.sh --project Upgrades builds one.");
}
