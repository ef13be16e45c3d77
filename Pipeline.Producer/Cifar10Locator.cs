using Pipeline.ServiceDefaults;

namespace Pipeline.Producer;

/// <summary>Finds the pictures: beside a published program, or upwards from a built one, where the repository keeps what it fetched.</summary>
internal static class Cifar10Locator
{
    private const string PublishedFolder = "cifar10";
    private static readonly string FetchedFolder = Path.Combine("artifacts", "fetched", "cifar10-1.1.1");

    /// <exception cref="StartupException">They are nowhere above.</exception>
    public static string Find()
    {
        var published = Path.Combine(AppContext.BaseDirectory, PublishedFolder);
        if (Directory.Exists(published))
            return published;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, FetchedFolder);
            if (Directory.Exists(candidate))
                return candidate;
        }
        throw new StartupException($"The pictures of CIFAR-10 are missing: no folder above {AppContext.BaseDirectory} has {FetchedFolder}.", Cifar10.Remedy);
    }
}
