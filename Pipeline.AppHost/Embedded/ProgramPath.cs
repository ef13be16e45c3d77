/// <summary>Where the build puts the program of a project that this AppHost references.</summary>
internal static class ProgramPath
{
    // …/bin/Debug/net10.0/: the same configuration and framework as this program.
    private static readonly DirectoryInfo Output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    public static string Of(IProjectMetadata project) => Path.Combine(
        Path.GetDirectoryName(project.ProjectPath)!, "bin", Output.Parent!.Name, Output.Name,
        Path.GetFileNameWithoutExtension(project.ProjectPath) + (OperatingSystem.IsWindows() ? ".exe" : ""));
}
