using System.Runtime.InteropServices;

namespace Pipeline.Inference;

/// <summary>
/// Keeps ONNX Runtime from reporting to its makers, which the official builds do by default: over HTTPS, with an identifier and a
/// database of what is still to be sent in the user's cache folder. Its API can only silence part of that, and later. Source: the package's Privacy.md.
/// </summary>
internal static partial class OnnxTelemetry
{
    private const string Switch = "ORT_DISABLE_TELEMETRY";

    /// <summary>Must come before the native library is first touched. Who has set the switch keeps what it says.</summary>
    public static void Disable()
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(Switch, Environment.GetEnvironmentVariable(Switch) ?? "1");
        }
        else
        {
            _ = SetNativeVariable(Switch, "1", overwrite: 0);        // elsewhere native code does not see what .NET sets
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
