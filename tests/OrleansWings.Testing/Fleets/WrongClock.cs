namespace OrleansWings.Testing.Fleets;

/// <summary>A machine whose clock is off, until this is disposed. Its process only (libfaketime): its engine's clock stays right.</summary>
public sealed class WrongClock : IAsyncDisposable
{
    private static readonly string[] s_libraries = ["x86_64-linux-gnu", "aarch64-linux-gnu"];
    private readonly FleetMember _member;

    private WrongClock(FleetMember member) => _member = member;

    /// <summary>Starts the machine's process again with a clock that is off.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="offset">As libfaketime has it: "+1h".</param>
    /// <param name="isNewDisk">The machine does not remember what number it had in the fleet either.</param>
    public static async Task<WrongClock> SetAsync(FleetMachine machine, string offset, bool isNewDisk)
    {
        var library = s_libraries.Select(folder => $"/usr/lib/{folder}/faketime/libfaketimeMT.so.1").First(File.Exists);
        var wrong = new WrongClock(machine.Member);
        await machine.Member.KillAsync();
        if (isNewDisk)
            File.Delete(Path.Combine(machine.Member.Data, "member-number"));
        machine.Member.Surroundings["LD_PRELOAD"] = library;
        machine.Member.Surroundings["FAKETIME"] = offset;
        // What runs on when a clock is set, runs on here too.
        machine.Member.Surroundings["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        await machine.Member.LaunchAsync();
        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        await _member.KillAsync();
        _member.Surroundings.Clear();
        await _member.LaunchAsync();
    }
}
