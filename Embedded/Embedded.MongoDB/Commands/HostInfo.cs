using System.Runtime.InteropServices;

namespace Embedded.MongoDB.Commands;

/// <summary>hostInfo: the machine.</summary>
internal static class HostInfo
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var system = reply.BeginDocument("system"u8);
        reply.WriteDateTime("currentTime"u8, call.Now.ToUnixTimeMilliseconds());
        reply.WriteString("hostname"u8, Environment.MachineName);
        reply.WriteInt32("cpuAddrSize"u8, 64);
        reply.WriteInt64("memSizeMB"u8, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024));
        reply.WriteInt32("numCores"u8, Environment.ProcessorCount);
        reply.WriteString("cpuArch"u8, RuntimeInformation.ProcessArchitecture.ToString());
        reply.EndDocument(system);
        var os = reply.BeginDocument("os"u8);
        reply.WriteString("type"u8, OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "Darwin" : "Linux");
        reply.WriteString("name"u8, RuntimeInformation.OSDescription);
        reply.WriteString("version"u8, Environment.OSVersion.VersionString);
        reply.EndDocument(os);
        reply.EndDocument(reply.BeginDocument("extra"u8));
        return ValueTask.CompletedTask;
    }
}
