using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Expressions;

/// <summary>Computes an operator; it evaluates those of its arguments that it needs.</summary>
internal delegate RawValue Apply(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope);

/// <summary>An operator of one value.</summary>
internal delegate RawValue OfOne(RawValue value, Evaluation scope);

/// <summary>An operator of two values.</summary>
internal delegate RawValue OfTwo(RawValue left, RawValue right, Evaluation scope);

/// <summary>One row of the table of operators.</summary>
internal sealed class Operator
{
    public required string Name { get; init; }

    public required Apply Apply { get; init; }

    /// <summary>How few arguments it takes; for named ones, how many of the first must be there.</summary>
    public required int Least { get; init; }

    public required int Most { get; init; }

    /// <summary>The names of the arguments of an operator that takes a document; null for a list.</summary>
    public string[]? Names { get; init; }

    /// <summary>Whether the only argument that must be there may also stand alone: <c>{$year: "$at"}</c>.</summary>
    public bool TakesBare { get; init; }

    /// <summary>Whether the same arguments always give the same value.</summary>
    public bool IsPure { get; init; } = true;

    public static Operator One(string name, OfOne apply) => new()
    {
        Name = name,
        Least = 1,
        Most = 1,
        Apply = (arguments, root, scope) => apply(arguments[0].Evaluate(root, scope), scope),
    };

    public static Operator Two(string name, OfTwo apply) => new()
    {
        Name = name,
        Least = 2,
        Most = 2,
        Apply = (arguments, root, scope) => apply(arguments[0].Evaluate(root, scope), arguments[1].Evaluate(root, scope), scope),
    };

    public static Operator Many(string name, int least, int most, Apply apply) => new() { Name = name, Least = least, Most = most, Apply = apply };

    /// <param name="name">The operator.</param>
    /// <param name="names">Its arguments; a '?' ends the name of one that may be left out.</param>
    /// <param name="apply">Gets the arguments in that order.</param>
    /// <param name="takesBare">Whether the first argument may also stand alone.</param>
    public static Operator Named(string name, string[] names, Apply apply, bool takesBare = false) => new()
    {
        Name = name,
        Apply = apply,
        TakesBare = takesBare,
        Names = Array.ConvertAll(names, argument => argument.TrimEnd('?')),
        Least = names.Count(argument => !argument.EndsWith('?')),
        Most = names.Length,
    };
}
