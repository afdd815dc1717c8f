using System.Globalization;

namespace OrleansWings.Silo.Hosting;

/// <summary>
/// What tells this process from those before it at the same address; Orleans calls it generation. Orleans itself takes the seconds of the
/// clock: once a clock was put back, a process would be taken for an older one of itself, and nobody would let it in until the clock is
/// where it was. So it is never less than the one before, which the data folder keeps.
/// </summary>
internal sealed class MemberNumber
{
    private readonly string _file;

    /// <param name="folder">The data folder.</param>
    /// <param name="ofClock">What the clock says; null for the system's.</param>
    public MemberNumber(string folder, int? ofClock = null)
    {
        _file = Path.Combine(folder, "member-number");
        Value = Math.Max(Read() + 1, ofClock ?? SiloAddress.AllocateNewGeneration());
        Keep(Value);
    }

    /// <summary>This process's.</summary>
    public int Value { get; }

    /// <summary>The next start's is greater than this one too: it is known of a process at the same address.</summary>
    public void Pass(int other) => Keep(Math.Max(Value, other));

    private int Read()
    {
        try
        {
            return int.TryParse(File.ReadAllText(_file), NumberStyles.None, CultureInfo.InvariantCulture, out var kept) && kept < int.MaxValue ? kept : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private void Keep(int number)
    {
        try
        {
            File.WriteAllText(_file + ".new", number.ToString(CultureInfo.InvariantCulture));
            File.Move(_file + ".new", _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk is no reason not to start; most clocks go on.
        }
    }
}
