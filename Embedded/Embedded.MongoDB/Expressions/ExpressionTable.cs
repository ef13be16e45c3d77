using System.Collections.Frozen;
using Embedded.MongoDB.Expressions.Operators;

namespace Embedded.MongoDB.Expressions;

/// <summary>What this server computes. An operator that is in none of these lists is refused by name when a pipeline is parsed.</summary>
internal static class ExpressionTable
{
    public static readonly FrozenDictionary<string, Operator> All = new[]
    {
        ArithmeticOperators.Rows, ComparisonOperators.Rows, LogicOperators.Rows, StringOperators.Rows, ArrayOperators.Rows,
        SetOperators.Rows, ObjectOperators.Rows, TypeOperators.Rows, DateOperators.Rows, AccumulatingOperators.Rows,
    }.SelectMany(rows => rows).ToFrozenDictionary(row => row.Name);
}
