using System.Runtime.InteropServices;
using Pipeline.ServiceDefaults;

namespace Pipeline.Inference;

/// <summary>A native library that is not there: the program was built for another platform.</summary>
internal static class MissingLibrary
{
    public static bool IsToldBy(Exception exception) =>
        exception.GetBaseException() is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException;

    /// <param name="library">What people call it.</param>
    /// <param name="platforms">Which package has it for what.</param>
    /// <param name="exception">That told it.</param>
    public static StartupException Of(string library, string platforms, Exception exception) => new(
        $"The native library of {library} is missing for {RuntimeInformation.RuntimeIdentifier} ({exception.GetBaseException().GetType().Name}).",
        $"Build or publish for this platform; {platforms}.", exception);
}
