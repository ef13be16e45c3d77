namespace Pipeline.Contracts;

/// <summary>
/// What a message says that its picture shows. A real camera knows nothing of that: no text, or one of blanks, is no truth, and no error.
/// </summary>
internal static class OptionalTruth
{
    /// <param name="text">As it came.</param>
    /// <param name="label">Null where nobody has said.</param>
    public static Problem? Read(string? text, out string? label)
    {
        label = null;
        return string.IsNullOrWhiteSpace(text) || Labels.TryRead(text, out label) ? null : Labels.Unknown("GroundTruth", text);
    }
}
