using Pipeline.ServiceDefaults;

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

    /// <summary>The file; relative to the program's folder.</summary>
    /// <exception cref="StartupException">No model has that name.</exception>
    public static string Find(string name) => Files.TryGetValue(name, out var file)
        ? file
        : throw new StartupException(
            $"There is no model '{name}'.", $"Model__Name is one of {string.Join(", ", Names)}; Model__Path names an ONNX file of your own.");
}
