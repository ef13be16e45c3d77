using System.Reflection;
using System.Runtime.Versioning;
using static System.FormattableString;

/// <summary>Where the build puts the program of a project that this AppHost references.</summary>
internal static class ProgramPath
{
    // bin/Debug/net10.0: configuration and framework are this assembly's own, in whichever program it runs.
    private static readonly string Output = OutputOf(typeof(ProgramPath).Assembly);

    public static string Of(IProjectMetadata project) => Path.Combine(
        Path.GetDirectoryName(project.ProjectPath)!, Output,
        Path.GetFileNameWithoutExtension(project.ProjectPath) + (OperatingSystem.IsWindows() ? ".exe" : ""));

    private static string OutputOf(Assembly assembly)
    {
        var framework = new FrameworkName(assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName).Version;
        return Path.Combine("bin", assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
            Invariant($"net{framework.Major}.{framework.Minor}"));
    }
}
