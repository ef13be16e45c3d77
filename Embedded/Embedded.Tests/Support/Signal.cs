using System.Runtime.InteropServices;

namespace Embedded.Tests.Support;

/// <summary>Signals for processes that tests started. <see cref="System.Diagnostics.Process"/> only knows how to kill.</summary>
internal static partial class Signal
{
    private const int Interrupt = 2, Terminate = 15, Continue = 18, Stop = 19;

    public static void SendInterrupt(int processId) => Send(processId, Interrupt);

    public static void SendTerminate(int processId) => Send(processId, Terminate);

    public static void SendStop(int processId) => Send(processId, Stop);

    public static void SendContinue(int processId) => Send(processId, Continue);

    private static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new InvalidOperationException($"kill({processId}, {signal}) failed with errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
