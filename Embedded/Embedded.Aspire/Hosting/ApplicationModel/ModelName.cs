namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rules for names of resources and endpoints: they become DNS labels and parts of variable names.</summary>
internal static class ModelName
{
    private const int MaxLength = 64;

    public static void Validate(string target, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Problem(name) is { } problem)
            throw new ArgumentException($"{target} name '{name}' is invalid. Name must {problem}.", nameof(name));
    }

    private static string? Problem(string name) =>
        name.Length > MaxLength ? $"be between 1 and {MaxLength} characters long"
        : !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? "contain only ASCII letters, digits, and hyphens"
        : !char.IsAsciiLetter(name[0]) ? "start with an ASCII letter"
        : name[^1] == '-' ? "not end with a hyphen"
        : name.Contains("--", StringComparison.Ordinal) ? "not contain consecutive hyphens"
        : null;
}
