using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Contracts;

/// <summary>
/// What pictures show: any short text, as a model of one's own has classes of its own. The ten classes of CIFAR-10 are known by name, because
/// two vocabularies of them are in use.
/// </summary>
public static class Labels
{
    /// <summary>The classes of the default model, in label order: index n is output n.</summary>
    public static readonly IReadOnlyList<string> All =
        ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    // Ours is the shorter vocabulary.
    private static readonly FrozenDictionary<string, string> ByName =
        All.Select(label => KeyValuePair.Create(label, label))
            .Append(KeyValuePair.Create("airplane", "plane"))
            .Append(KeyValuePair.Create("automobile", "car"))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A label as it is kept: without surrounding blanks, and one of the ten by our word for it, whatever the vocabulary and letter case. Any other
    /// text is kept as it stands; none, a long one or one with control characters is no label.
    /// </summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? label)
    {
        var trimmed = text.AsSpan().Trim();
        if (ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(trimmed, out label))
        {
            return true;
        }

        var isLabel = trimmed.Length is > 0 and <= Limits.MaxLabelLength && !trimmed.ContainsAnyInRange('\0', '\x1F')
            && !trimmed.ContainsAnyInRange('\x7F', '\x9F');
        label = isLabel ? trimmed.ToString() : null;
        return isLabel;
    }

    internal static Problem Unknown(string field, string text) => new(
        ProblemKind.UnknownLabel,
        $"{field} must be a label, 1 to {Limits.MaxLabelLength} characters without control characters, and is '{Limits.Shortened(text)}'");
}
