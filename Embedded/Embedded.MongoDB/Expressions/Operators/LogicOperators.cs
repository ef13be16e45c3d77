using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Truth and choice. What is not chosen is not evaluated.</summary>
internal static class LogicOperators
{
    public static readonly Operator[] Rows =
    [
        Operator.Many("$and", 0, int.MaxValue, And),
        Operator.Many("$or", 0, int.MaxValue, Or),
        Operator.One("$not", (value, _) => RawValue.Of(!value.IsTruthy)),
        Operator.Many("$ifNull", 2, int.MaxValue, IfNull),
    ];

    /// <summary><c>$cond</c>, whose arguments <see cref="BindingOperators"/> puts in order.</summary>
    public static readonly Operator Cond = Operator.Many("$cond", 3, 3, (arguments, root, scope) =>
        arguments[arguments[0].Evaluate(root, scope).IsTruthy ? 1 : 2].Evaluate(root, scope));

    /// <summary><c>$switch</c>: case, then, case, then, …, default.</summary>
    public static readonly Operator Switch = Operator.Many("$switch", 1, int.MaxValue, (arguments, root, scope) =>
    {
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            if (arguments[i].Evaluate(root, scope).IsTruthy)
            {
                return arguments[i + 1].Evaluate(root, scope);
            }
        }
        return arguments[^1] is Nothing
            ? throw new CommandException(40066, "$switch could not find a matching branch for an input, and no default was specified.")
            : arguments[^1].Evaluate(root, scope);
    });

    private static RawValue And(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        foreach (var argument in arguments)
        {
            if (!argument.Evaluate(root, scope).IsTruthy)
            {
                return RawValue.False;
            }
        }
        return RawValue.True;
    }

    private static RawValue Or(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        foreach (var argument in arguments)
        {
            if (argument.Evaluate(root, scope).IsTruthy)
            {
                return RawValue.True;
            }
        }
        return RawValue.False;
    }

    private static RawValue IfNull(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        foreach (var argument in arguments.AsSpan(..^1))
        {
            var value = argument.Evaluate(root, scope);
            if (!value.IsNullish)
            {
                return value;
            }
        }
        return arguments[^1].Evaluate(root, scope);
    }
}
