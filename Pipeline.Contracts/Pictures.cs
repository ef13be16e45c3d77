using System.Globalization;

namespace Pipeline.Contracts;

/// <summary>What the cameras show, in the words that the log, the console and the page share.</summary>
public static class Pictures
{
    /// <summary>The sample that comes with the producer: the first hundred test images of each class.</summary>
    public const int InSample = 1_000;

    /// <summary>All test images of CIFAR-10.</summary>
    public const int InTestSet = 10_000;

    /// <param name="count">How many different ones.</param>
    public static string Describe(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} CIFAR-10 test images{(count == InSample ? " (sample)" : "")}, 32x32");
}
