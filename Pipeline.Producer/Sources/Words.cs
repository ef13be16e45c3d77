using Pipeline.Contracts;

namespace Pipeline.Producer.Sources;

/// <summary>What files are called and what cameras answer, in lines for people.</summary>
internal static class Words
{
    private const int MaxLength = 300;

    /// <summary>One line that is not endless and steers no terminal.</summary>
    public static string OfStrangers(string text) =>
        string.Concat(Limits.Shortened(text, MaxLength).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
