namespace Embedded.Aspire.Running;

/// <summary>Finds programs.</summary>
internal static class Programs
{
    private static readonly string[] WindowsExtensions = [".exe", ".cmd", ".bat", ""];

    /// <summary>The dotnet that runs this host, or else the first one on PATH.</summary>
    public static readonly string DotNet =
        IsDotNet(Environment.ProcessPath)
            ? Environment.ProcessPath!
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Find("dotnet") ?? "dotnet";

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? Find(string name)
    {
        string[] extensions = OperatingSystem.IsWindows() && !Path.HasExtension(name) ? WindowsExtensions : [""];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => extensions.Select(e => Path.Combine(folder, name + e))).FirstOrDefault(File.Exists);
    }

    /// <summary>The full path of a command as an AppHost writes it: a name on PATH, or a path relative to the working directory.</summary>
    public static string? Resolve(string command, string workingDirectory)
    {
        if (!command.Contains('/', StringComparison.Ordinal) && !command.Contains('\\', StringComparison.Ordinal)) return Find(command);
        var path = Path.GetFullPath(command, workingDirectory);
        return File.Exists(path) ? path : OperatingSystem.IsWindows() && File.Exists(path + ".exe") ? path + ".exe" : null;
    }

    private static bool IsDotNet(string? path) => path is not null && Path.GetFileNameWithoutExtension(path) == "dotnet";
}
