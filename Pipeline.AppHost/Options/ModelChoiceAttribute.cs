using System.ComponentModel.DataAnnotations;

/// <summary>Takes the name of a model that Pipeline.Inference brings, or the place of one's own.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ModelChoiceAttribute : ValidationAttribute
{
    /// <summary>The names that Pipeline.Inference knows.</summary>
    public static readonly IReadOnlyList<string> Shipped = ["fp32", "int8"];

    public ModelChoiceAttribute() => ErrorMessage = $"one of {string.Join(", ", Shipped)}, or the path of an ONNX file or of a folder with one";

    public static bool IsShipped(string model) => Shipped.Contains(model, StringComparer.OrdinalIgnoreCase);

    /// <summary>A path as it is the same in every folder.</summary>
    public static string Rooted(string model) => IsShipped(model) ? model : Path.GetFullPath(model);

    public override bool IsValid(object? value) => value is string model && (IsShipped(model) || File.Exists(model) || Directory.Exists(model));
}
