namespace Pipeline.Contracts;

/// <summary>Bounds on what a message may hold, checked before anything is allocated for it.</summary>
public static class Limits
{
    /// <summary>Kafka's own default for a record, in bytes; a 32x32 image needs 3 KB.</summary>
    public const int MaxMessageBytes = 1024 * 1024;

    /// <summary>
    /// Bytes of a picture's file: with ids, headers and Kafka's framing it stays within the 1,000,000 that Kafka's client sends at most.
    /// </summary>
    public const int MaxPictureBytes = 960 * 1024;

    /// <summary>Pixels of the longest side of a picture that is decoded.</summary>
    public const int MaxPictureSide = 16_384;

    /// <summary>Pixels of the largest picture that is decoded: one of 8K video has fewer. Each takes four bytes while it is decoded.</summary>
    public const int MaxPicturePixels = 32 * 1024 * 1024;

    /// <summary>Characters of an image or producer id.</summary>
    public const int MaxIdLength = 256;

    /// <summary>Characters of a model's name or version.</summary>
    public const int MaxModelNameLength = 256;

    /// <summary>Characters of a label.</summary>
    public const int MaxLabelLength = 128;

    /// <summary>Classes of a model; ImageNet has 1,000 in its usual form.</summary>
    public const int MaxLabels = 10_000;

    /// <summary>Probabilities of a prediction: of a model with more classes the highest.</summary>
    public const int MaxProbabilities = 10;

    /// <summary>So much of a stranger's text as a line for people quotes.</summary>
    public static string Shortened(string text, int maxLength = 40) =>
        text.Length <= maxLength ? text : string.Concat(text.AsSpan(0, maxLength), "…");
}
