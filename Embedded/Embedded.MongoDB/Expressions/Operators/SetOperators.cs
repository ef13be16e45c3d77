using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Arrays as sets: what is equal by the total order counts once.</summary>
internal static class SetOperators
{
    public static readonly Operator[] Rows =
    [
        Operator.Many("$setUnion", 0, int.MaxValue,
            (arguments, root, scope) =>
                Combine("$setUnion", arguments, root, scope, static (sofar, next) => { sofar.UnionWith(next); return sofar; })),
        Operator.Many("$setIntersection", 0, int.MaxValue,
            (arguments, root, scope) =>
                Combine("$setIntersection", arguments, root, scope, static (sofar, next) => { sofar.IntersectWith(next); return sofar; })),
        Operator.Two("$setDifference", (left, right, scope) => left.IsNullish || right.IsNullish
            ? RawValue.Null
            : Written(Except(Of("$setDifference", left), Of("$setDifference", right)), scope)),
        Operator.Many("$setEquals", 2, int.MaxValue, SetEquals),
        Operator.Two("$setIsSubset", (left, right, _) => RawValue.Of(Of("$setIsSubset", left).IsSubsetOf(Of("$setIsSubset", right)))),
        Operator.One("$anyElementTrue", (value, _) => RawValue.Of(Any("$anyElementTrue", value, truth: true))),
        Operator.One("$allElementsTrue", (value, _) => RawValue.Of(!Any("$allElementsTrue", value, truth: false))),
    ];

    private static RawValue Combine(string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope,
        Func<SortedSet<StoredValue>, SortedSet<StoredValue>, SortedSet<StoredValue>> combine)
    {
        SortedSet<StoredValue>? sofar = null;
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(root, scope);
            if (value.IsNullish)
            {
                return RawValue.Null;
            }
            sofar = sofar is null ? Of(name, value) : combine(sofar, Of(name, value));
        }
        return Written(sofar ?? [], scope);
    }

    private static RawValue SetEquals(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var first = Of("$setEquals", arguments[0].Evaluate(root, scope));
        foreach (var argument in arguments.AsSpan(1))
        {
            if (!first.SetEquals(Of("$setEquals", argument.Evaluate(root, scope))))
            {
                return RawValue.False;
            }
        }
        return RawValue.True;
    }

    private static bool Any(string name, RawValue value, bool truth)
    {
        if (!value.IsArray)
        {
            throw new CommandException(5159200, $"{name}'s argument must be an array, but is {TypeName.Of(value.Type)}");
        }
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            if (elements.Value.IsTruthy == truth)
            {
                return true;
            }
        }
        return false;
    }

    private static SortedSet<StoredValue> Of(string name, RawValue value)
    {
        if (!value.IsArray)
        {
            throw new CommandException(17040, $"All operands of {name} must be arrays. One argument is of type: {TypeName.Of(value.Type)}");
        }
        var set = new SortedSet<StoredValue>(Comparer<StoredValue>.Create((a, b) => ValueOrder.Compare(a.Raw, b.Raw)));
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            set.Add(StoredValue.Copy(elements.Value));
        }
        return set;
    }

    private static SortedSet<StoredValue> Except(SortedSet<StoredValue> left, SortedSet<StoredValue> right)
    {
        left.ExceptWith(right);
        return left;
    }

    private static RawValue Written(SortedSet<StoredValue> set, Evaluation scope)
    {
        var start = scope.Scratch.BeginDocument();
        var i = 0;
        foreach (var value in set)
        {
            scope.Scratch.WriteItem(i++, value.Raw);
        }
        return scope.Finish(BsonType.Array, start);
    }
}
