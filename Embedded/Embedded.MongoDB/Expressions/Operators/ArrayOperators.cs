using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Arrays as values. <c>$map $filter $reduce $sortArray</c>, which bind variables, are in <see cref="BindingOperators"/>.</summary>
internal static class ArrayOperators
{
    private const int MaxItems = 4_000_000;

    public static readonly Operator[] Rows =
    [
        Operator.One("$isArray", (value, _) => RawValue.Of(value.IsArray)),
        Operator.One("$size", (value, scope) => value.IsArray
            ? scope.Of(Elements.Count(value.Bytes))
            : throw new CommandException(17124, $"The argument to $size must be an array, but was of type: {TypeName.Of(value.Type)}")),
        Operator.Two("$arrayElemAt", (array, index, _) => ElementAt("$arrayElemAt", array, index)),
        Operator.One("$first", (array, scope) => ElementAt("$first", array, scope.Of(0))),
        Operator.One("$last", (array, scope) => ElementAt("$last", array, scope.Of(-1))),
        Operator.Many("$slice", 2, 3, Slice),
        Operator.Many("$concatArrays", 0, int.MaxValue, ConcatArrays),
        Operator.Two("$in", (value, array, _) => RawValue.Of(IndexIn("$in", array, value) >= 0)),
        Operator.Many("$indexOfArray", 2, 4, IndexOfArray),
        Operator.Many("$range", 2, 3, Range),
        Operator.One("$reverseArray", Reverse),
        Operator.Named("$zip", ["inputs", "useLongestLength?", "defaults?"], Zip),
    ];

    private static RawValue ElementAt(string name, RawValue array, RawValue index)
    {
        if (array.IsNullish || index.IsNullish)
        {
            return RawValue.Null;
        }
        if (!array.IsArray)
        {
            throw new CommandException(28689, $"{name}'s first argument must be an array, but is {TypeName.Of(array.Type)}");
        }
        if (!index.IsNumber || !Number.From(index).TryGetInt64(out var at))
        {
            throw new CommandException(28690, $"{name}'s second argument must be a whole number");
        }
        if (at < 0)
        {
            at += Elements.Count(array.Bytes);
        }
        return at is < 0 or > int.MaxValue ? RawValue.Missing : Elements.At(array.Bytes, (int)at);
    }

    private static RawValue Slice(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var array = arguments[0].Evaluate(root, scope);
        if (array.IsNullish)
        {
            return RawValue.Null;
        }
        if (!array.IsArray)
        {
            throw new CommandException(28724, $"First argument to $slice must be an array, but is of type: {TypeName.Of(array.Type)}");
        }
        var given = arguments[1].Evaluate(root, scope);
        if (given.IsNullish)
        {
            return RawValue.Null;
        }
        var count = Elements.Count(array.Bytes);
        var first = Whole("$slice", given);
        long start, length;
        if (arguments.Length == 2)
        {
            start = first < 0 ? Math.Max(0, count + first) : 0;
            length = Math.Abs(first);
        }
        else
        {
            var taken = arguments[2].Evaluate(root, scope);
            if (taken.IsNullish)
            {
                return RawValue.Null;
            }
            length = Whole("$slice", taken);
            if (length <= 0)
            {
                throw new CommandException(28729, "Third argument to $slice must be positive");
            }
            start = first < 0 ? Math.Max(0, count + first) : first;
        }
        return Part(array.Bytes, start, length, scope);
    }

    internal static RawValue Part(ReadOnlySpan<byte> array, long start, long length, Evaluation scope)
    {
        var output = scope.Scratch.BeginDocument();
        var elements = new Elements(array);
        for (long i = 0, written = 0; elements.MoveNext(); i++)
        {
            if (i >= start && written < length)
            {
                scope.Scratch.WriteItem((int)written++, elements.Value);
            }
        }
        return scope.Finish(BsonType.Array, output);
    }

    private static RawValue ConcatArrays(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var start = scope.Scratch.BeginDocument();
        var count = 0;
        foreach (var argument in arguments)
        {
            var array = argument.Evaluate(root, scope);
            if (!array.IsArray)
            {
                scope.Scratch.Truncate(start);
                return array.IsNullish
                    ? RawValue.Null
                    : throw new CommandException(28664, $"$concatArrays only supports arrays, not {TypeName.Of(array.Type)}");
            }
            var elements = new Elements(array.Bytes);
            while (elements.MoveNext())
            {
                scope.Scratch.WriteItem(count++, elements.Value);
            }
        }
        return scope.Finish(BsonType.Array, start);
    }

    private static int IndexIn(string name, RawValue array, RawValue value, long start = 0, long end = long.MaxValue)
    {
        if (!array.IsArray)
        {
            throw new CommandException(40081, $"{name} requires an array as its argument, found: {TypeName.Of(array.Type)}");
        }
        var elements = new Elements(array.Bytes);
        for (var i = 0; elements.MoveNext() && i < end; i++)
        {
            if (i >= start && ValueOrder.Equal(elements.Value, value))
            {
                return i;
            }
        }
        return -1;
    }

    private static RawValue IndexOfArray(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var array = arguments[0].Evaluate(root, scope);
        if (array.IsNullish)
        {
            return RawValue.Null;
        }
        var start = arguments.Length > 2 ? Whole("$indexOfArray", arguments[2].Evaluate(root, scope)) : 0;
        var end = arguments.Length > 3 ? Whole("$indexOfArray", arguments[3].Evaluate(root, scope)) : long.MaxValue;
        return scope.Of(IndexIn("$indexOfArray", array, arguments[1].Evaluate(root, scope), start, end));
    }

    private static RawValue Range(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var from = Whole("$range", arguments[0].Evaluate(root, scope));
        var to = Whole("$range", arguments[1].Evaluate(root, scope));
        var step = arguments.Length > 2 ? Whole("$range", arguments[2].Evaluate(root, scope)) : 1;
        if (step == 0)
        {
            throw new CommandException(34449, "$range requires a non-zero step value");
        }
        if (Math.Abs(to - from) / Math.Abs(step) > MaxItems)
        {
            throw new CommandException(ErrorCode.ExceededMemoryLimit, $"$range would make an array of more than {MaxItems} elements");
        }
        var start = scope.Scratch.BeginDocument();
        var i = 0;
        for (var value = from; step > 0 ? value < to : value > to; value += step)
        {
            scope.Scratch.BeginItem(BsonType.Int32, i++);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(scope.Scratch.Take(4), (int)value);
        }
        return scope.Finish(BsonType.Array, start);
    }

    private static RawValue Reverse(RawValue array, Evaluation scope)
    {
        if (array.IsNullish)
        {
            return RawValue.Null;
        }
        if (!array.IsArray)
        {
            throw new CommandException(34435, $"The argument to $reverseArray must be an array, but was of type: {TypeName.Of(array.Type)}");
        }
        var items = Items(array);
        var start = scope.Scratch.BeginDocument();
        for (var i = 0; i < items.Count; i++)
        {
            scope.Scratch.WriteItem(i, items[^(i + 1)].Raw);
        }
        return scope.Finish(BsonType.Array, start);
    }

    private static RawValue Zip(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var inputs = arguments[0].Evaluate(root, scope);
        if (inputs.IsNullish)
        {
            return RawValue.Null;
        }
        if (!inputs.IsArray)
        {
            throw new CommandException(34461, "inputs must be an array of expressions");
        }
        var lists = new List<List<StoredValue>>();
        foreach (var list in Items(inputs))
        {
            if (list.Raw.IsNullish)
            {
                return RawValue.Null;
            }
            lists.Add(list.Raw.IsArray ? Items(list.Raw) : throw new CommandException(34468, "$zip found a non-array expression in input"));
        }
        var longest = arguments[1].Evaluate(root, scope).IsTruthy;
        var defaults = arguments[2].Evaluate(root, scope) is { IsArray: true } given ? Items(given) : [];
        var length = lists.Count == 0 ? 0 : longest ? lists.Max(list => list.Count) : lists.Min(list => list.Count);
        var start = scope.Scratch.BeginDocument();
        for (var i = 0; i < length; i++)
        {
            scope.Scratch.BeginItem(BsonType.Array, i);
            var tuple = scope.Scratch.BeginDocument();
            for (var j = 0; j < lists.Count; j++)
            {
                scope.Scratch.WriteItem(j, i < lists[j].Count ? lists[j][i].Raw : j < defaults.Count ? defaults[j].Raw : RawValue.Null);
            }
            scope.Scratch.EndDocument(tuple);
        }
        return scope.Finish(BsonType.Array, start);
    }

    private static List<StoredValue> Items(RawValue array)
    {
        var items = new List<StoredValue>();
        var elements = new Elements(array.Bytes);
        while (elements.MoveNext())
        {
            items.Add(StoredValue.Copy(elements.Value));
        }
        return items;
    }

    private static long Whole(string name, RawValue value) => value.IsNumber && Number.From(value).TryGetInt64(out var whole) && whole == (int)whole
        ? whole
        : throw new CommandException(34443, $"{name} requires a whole number that fits 32 bits, found a value of type {TypeName.Of(value.Type)}");
}
