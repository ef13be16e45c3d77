namespace Pipeline.Producer.Sources;

/// <summary>What files are called and what cameras answer, in lines for people.</summary>
internal static class Words
{
    private const int MaxLength = 300;

    /// <summary>One line that is not endless and steers no terminal.</summary>
    public static string OfStrangers(string text)
    {
        var shown = text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "…");
        return string.Concat(shown.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
    }
}
