namespace Pipeline.Tests.Support;

/// <summary>What Linux tells of a process.</summary>
internal static class ProcFile
{
    /// <summary>One of the files of <c>/proc/PID</c>; empty where the process has ended meanwhile, or is somebody else's.</summary>
    public static string Read(int processId, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/{name}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
