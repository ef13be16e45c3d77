using Embedded.MongoDB.Expressions.Operators;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Accumulators;

/// <summary><c>$min</c> and <c>$max</c> by the total order; null and missing do not count.</summary>
internal sealed class Extreme(bool greatest) : Accumulator
{
    private StoredValue? _best;

    public override void Add(RawValue value)
    {
        if (value.IsNullish)
        {
            return;
        }
        if (_best is { } best)
        {
            var order = ValueOrder.Compare(value, best.Raw);
            if (greatest ? order <= 0 : order >= 0)
            {
                return;
            }
        }
        _best = StoredValue.Copy(value);
    }

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output) => output.WriteElement(name, _best is { } best ? best.Raw : RawValue.Null);
}

/// <summary><c>$first</c> and <c>$last</c>, in the order in which documents come.</summary>
internal sealed class End(bool last) : Accumulator
{
    private StoredValue? _value;

    public override void Add(RawValue value)
    {
        if (_value is null || last)
        {
            _value = StoredValue.Copy(value.IsMissing ? RawValue.Null : value);
        }
    }

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output) =>
        output.WriteElement(name, _value is { } value ? value.Raw : RawValue.Null);
}

/// <summary><c>$push</c>: all values; missing ones are left out.</summary>
internal sealed class Push : Accumulator
{
    private readonly BsonBuffer _items = new();
    private int _count;

    public override void Add(RawValue value)
    {
        if (value.IsMissing)
        {
            return;
        }
        _items.WriteItem(_count++, value);
        if (_items.Length > 100 * 1024 * 1024)
        {
            throw new CommandException(
                ErrorCode.ExceededMemoryLimit, "$push used too much memory and cannot spill to disk. Memory limit: 104857600 bytes");
        }
    }

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output)
    {
        output.BeginElement(BsonType.Array, name);
        var start = output.BeginDocument();
        output.Write(_items.Written);
        output.EndDocument(start);
    }
}

/// <summary><c>$addToSet</c>: each value once, by the total order's equality; the first seen stays.</summary>
internal sealed class AddToSet : Accumulator
{
    private readonly ValueSet _seen = new();
    private readonly Push _values = new();

    public override void Add(RawValue value)
    {
        if (!value.IsMissing && _seen.Add(value))
        {
            _values.Add(value);
        }
    }

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output) => _values.Write(name, output);
}

/// <summary><c>$mergeObjects</c>.</summary>
internal sealed class MergeObjects : Accumulator
{
    private readonly Evaluation _room = new(new ExpressionScope(Variables.None));
    private byte[] _merged = Expression.EmptyDocument.ToArray();

    public override void Add(RawValue value)
    {
        _room.Begin(Expression.EmptyDocument);
        _merged = ObjectOperators.Merge(_merged, value, _room).ToArray();
    }

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output) => output.WriteElement(name, RawValue.Document(_merged));
}
