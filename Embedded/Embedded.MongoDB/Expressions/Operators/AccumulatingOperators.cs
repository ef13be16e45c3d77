using Embedded.MongoDB.Expressions.Accumulators;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>
/// The accumulators of <c>$group</c> that also work on arrays and lists of arguments: <c>{$sum: "$scores"}</c>, <c>{$max: ["$a", "$b"]}</c>.
/// </summary>
internal static class AccumulatingOperators
{
    public static readonly Operator[] Rows =
    [
        .. new[] { "$sum", "$avg", "$min", "$max", "$stdDevPop", "$stdDevSamp" }.Select(name =>
            Operator.Many(name, 1, int.MaxValue, (arguments, root, scope) => Accumulate(name, arguments, root, scope))),
    ];

    private static RawValue Accumulate(string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var accumulator = AccumulatorTable.Create(name);
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(root, scope);
            if (arguments.Length > 1 || !value.IsArray)
            {
                accumulator.Add(value);
                continue;
            }
            var elements = new Elements(value.Bytes);
            while (elements.MoveNext())
            {
                accumulator.Add(elements.Value);
            }
        }
        var start = scope.Scratch.BeginDocument();
        accumulator.Write("v"u8, scope.Scratch);
        return scope.Finish(BsonType.Document, start).Field("v"u8);
    }
}
