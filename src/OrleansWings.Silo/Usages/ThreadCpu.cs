using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OrleansWings.Silo.Usages;

/// <summary>What this thread has used of a core.</summary>
internal static partial class ThreadCpu
{
    private const int ClockThreadCpuTime = 3;

    /// <summary>So far. To be held only against another reading on the same thread: nothing may be awaited in between.</summary>
    public static TimeSpan Read()
        => GetTime(ClockThreadCpuTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out Time time);

    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
