namespace Pipeline.Producer;

/// <summary>Where the pictures lie.</summary>
internal static class Cifar10Folders
{
    private const string SampleName = "Cifar10Sample";

    // Built programs lie inside the checkout; one that was published elsewhere works in the folder it is started in.
    private static readonly string Root = CheckoutAbove(AppContext.BaseDirectory) ?? Environment.CurrentDirectory;

    /// <summary>The sample, beside the program.</summary>
    public static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, SampleName);

    /// <summary>The sample in the sources.</summary>
    public static string SampleSource { get; } = Path.Combine(Root, "Pipeline.Producer", SampleName);

    /// <summary>Where <c>fetch-cifar10</c> puts the whole data set.</summary>
    public static string Fetched { get; } = Path.Combine(Root, "artifacts", "cifar10");

    private static string? CheckoutAbove(string folder)
    {
        for (var parent = new DirectoryInfo(folder); parent is not null; parent = parent.Parent)
        {
            if (File.Exists(Path.Combine(parent.FullName, "Pipeline.sln")))
            {
                return parent.FullName;
            }
        }
        return null;
    }
}
