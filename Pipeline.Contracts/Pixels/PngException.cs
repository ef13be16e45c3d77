namespace Pipeline.Contracts.Pixels;

/// <summary>A PNG that cannot be read, and why.</summary>
public sealed class PngException(Problem problem, Exception? cause = null) : Exception(problem.Text, cause)
{
    public Problem Problem => problem;

    internal static PngException Broken(string text, Exception? cause = null) => new(new Problem(ProblemKind.BrokenPng, "the PNG is broken: " + text), cause);

    internal static PngException Unsupported(string text) => new(new Problem(ProblemKind.UnsupportedPng, text));
}
