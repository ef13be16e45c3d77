using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Contracts;

/// <summary>The ten classes of CIFAR-10, in label order: index n is output n of the model.</summary>
public static class Labels
{
    public static readonly IReadOnlyList<string> All =
        ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    // Both vocabularies are in use; ours is the shorter one.
    private static readonly FrozenDictionary<string, string> ByName =
        All.Select(label => KeyValuePair.Create(label, label))
            .Append(KeyValuePair.Create("airplane", "plane"))
            .Append(KeyValuePair.Create("automobile", "car"))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Our word for a label in either vocabulary; letter case and surrounding blanks are no matter.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? label) => ByName.TryGetValue(text.Trim(), out label);

    internal static Problem Unknown(string field, string text) =>
        new(ProblemKind.UnknownLabel, $"{field} must be one of {string.Join(' ', All)}, and is '{Limits.Shortened(text)}'");
}
