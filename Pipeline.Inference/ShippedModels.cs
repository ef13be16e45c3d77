namespace Pipeline.Inference;

/// <summary>The models beside the program, by the names that options take; models/README.md is their card.</summary>
internal static class ShippedModels
{
    private static readonly Dictionary<string, string> Files = new(StringComparer.OrdinalIgnoreCase)
    {
        ["fp32"] = "models/resnet20-cifar10.onnx",
        ["int8"] = "models/resnet20-cifar10-int8.onnx",
    };

    public static IReadOnlyCollection<string> Names => Files.Keys;

    /// <summary>The file; null where no model has that name.</summary>
    public static string? Find(string name) => Files.TryGetValue(name, out var file) ? Path.Combine(AppContext.BaseDirectory, file) : null;
}
