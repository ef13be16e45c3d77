using System.Text.RegularExpressions;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>The id of the container that the process runs in, as Linux tells it; null outside of one.</summary>
internal static partial class ContainerId
{
    private const string MountsFile = "/proc/self/mountinfo";

    public static string? Read()
    {
        try
        {
            return File.Exists(MountsFile) ? Find(File.ReadLines(MountsFile)) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The runtime mounts the container's own /etc/hostname from a folder that is named for it.</summary>
    internal static string? Find(IEnumerable<string> mounts) => mounts
        .Where(mount => mount.Contains("/etc/hostname", StringComparison.Ordinal))
        .Select(mount => Id().Match(mount))
        .FirstOrDefault(match => match.Success)?.Value;

    [GeneratedRegex("(?<=/)[0-9a-f]{64}(?=/)")]
    private static partial Regex Id();
}
