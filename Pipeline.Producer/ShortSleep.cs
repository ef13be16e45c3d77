using System.Runtime.InteropServices;

namespace Pipeline.Producer;

/// <summary>Sleeps for less than a millisecond, which .NET's own waits cannot.</summary>
internal static partial class ShortSleep
{
    /// <summary>Returns about then; earlier where a signal comes, or where the system has no such sleep.</summary>
    /// <param name="time">Less than a second.</param>
    public static void For(TimeSpan time)
    {
        if (OperatingSystem.IsWindows())
        {
            Thread.Yield();
        }
        else
        {
            _ = NanoSleep(new TimeSpec(0, (nint)(time.Ticks * TimeSpan.NanosecondsPerTick)), 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint remaining);

    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
