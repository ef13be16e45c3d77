using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Comparisons by the total order, between any types; missing is below null and equal only to missing.</summary>
internal static class ComparisonOperators
{
    public static readonly Operator[] Rows =
    [
        Operator.Two("$eq", (left, right, _) => RawValue.Of(ValueOrder.Equal(left, right))),
        Operator.Two("$ne", (left, right, _) => RawValue.Of(!ValueOrder.Equal(left, right))),
        Operator.Two("$gt", (left, right, _) => RawValue.Of(ValueOrder.Compare(left, right) > 0)),
        Operator.Two("$gte", (left, right, _) => RawValue.Of(ValueOrder.Compare(left, right) >= 0)),
        Operator.Two("$lt", (left, right, _) => RawValue.Of(ValueOrder.Compare(left, right) < 0)),
        Operator.Two("$lte", (left, right, _) => RawValue.Of(ValueOrder.Compare(left, right) <= 0)),
        Operator.Two("$cmp", (left, right, scope) => scope.Of(Math.Sign(ValueOrder.Compare(left, right)))),
    ];
}
