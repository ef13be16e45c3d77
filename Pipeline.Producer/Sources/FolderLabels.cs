using System.Collections.Frozen;
using Pipeline.Contracts;

namespace Pipeline.Producer.Sources;

/// <summary>What pictures in a folder show that is named after a label. Any other name may as well be a day's or a camera's.</summary>
/// <param name="labels">Those of the model, as it writes them.</param>
internal sealed class FolderLabels(IReadOnlyList<string> labels)
{
    private readonly FrozenSet<string> _asWritten = labels.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>By their letters, whatever their case; of labels that differ in nothing else none is meant.</summary>
    private readonly FrozenDictionary<string, string> _byLetters = labels.GroupBy(label => label, StringComparer.OrdinalIgnoreCase)
        .Where(same => same.Count() == 1).ToFrozenDictionary(same => same.Key, same => same.Single(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of the model, where they are known; else those of CIFAR-10.</summary>
    /// <param name="model">An ONNX file or a folder with one; null for a model that comes with the pipeline.</param>
    public static FolderLabels Of(string? model) => new((string.IsNullOrEmpty(model) ? null : ModelLabels.Find(model)) ?? Labels.All);

    public string? TruthOf(string path) =>
        PicturePath.FolderOf(path) is { } folder && Labels.TryRead(folder, out var label)
            ? _asWritten.Contains(label) ? label : _byLetters.GetValueOrDefault(label)
            : null;
}
