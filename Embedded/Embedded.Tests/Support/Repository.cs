namespace Embedded.Tests.Support;

/// <summary>Finds what the tests use from the source tree: client scripts, golden files.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Scripts of client programs, with their npm packages beside them once `npm ci` has run there.</summary>
    public static string Clients { get; } = Path.Combine(Root, "Embedded", "Embedded.Tests", "Clients");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"No Pipeline.sln above {AppContext.BaseDirectory}; run the tests from a checkout.");
    }
}
