using System.Globalization;
using Pipeline.Contracts.Options;

namespace Pipeline.Contracts;

/// <summary>What the cameras show, in the words that the log, the console and the page share.</summary>
public static class Pictures
{
    /// <summary>The sample that comes with the producer: the first hundred test images of each class.</summary>
    public const int InSample = 1_000;

    /// <summary>All test images of CIFAR-10.</summary>
    public const int InTestSet = 10_000;

    private const int SourcesNamed = 3;

    /// <summary>Of sources, the first few.</summary>
    public static string Describe(IReadOnlyList<SourceSpec> sources)
    {
        var named = string.Join(", ", sources.Take(SourcesNamed).Select(source => source.Shown));
        return sources.Count <= SourcesNamed
            ? named
            : string.Create(CultureInfo.InvariantCulture, $"{named} and {sources.Count - SourcesNamed:N0} more");
    }

    /// <param name="count">How many different ones.</param>
    public static string Describe(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} CIFAR-10 test images{(count == InSample ? " (sample)" : "")}, 32x32");
}
