using System.Runtime.InteropServices;

namespace Pipeline.Inference;

/// <summary>
/// Keeps ONNX Runtime from reporting to its makers. Outside Windows it does so over HTTPS, keeps what it could not send in a file, and
/// crashes the process where no file can be written: in a container with a read-only root.
/// </summary>
internal static partial class OnnxTelemetry
{
    private const string Switch = "ORT_DISABLE_TELEMETRY";

    /// <summary>Must come before the native library is first touched. Who has set the switch keeps what it says.</summary>
    public static void Disable()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Natively: what .NET sets, native code does not see.
            _ = SetNativeVariable(Switch, "1", overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
