using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Expressions.Accumulators;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Updates.Modifiers;

/// <summary>A modifier that makes a new array from the one that is there.</summary>
internal abstract class ArrayModifier(string name) : Modifier
{
    public sealed override void Apply(RawValue current, ReadOnlySpan<byte> field, Application application)
    {
        if (!current.IsMissing && !current.IsArray)
        {
            throw Refuse($"Cannot apply {name} to the field '{System.Text.Encoding.UTF8.GetString(field)}': it must be an array but is of type {TypeName.Of(current.Type)}");
        }
        var output = application.Output;
        output.BeginElement(BsonType.Array, field);
        var start = output.BeginDocument();
        Write(current.IsMissing ? [5, 0, 0, 0, 0] : current.Bytes, output);
        output.EndDocument(start);
    }

    protected virtual CommandException Refuse(string message) => new CommandException(ErrorCode.BadValue, message);

    protected abstract void Write(ReadOnlySpan<byte> array, BsonBuffer output);

    /// <summary>Copies the elements that are to stay.</summary>
    /// <returns>How many did.</returns>
    protected static int Copy(ReadOnlySpan<byte> array, BsonBuffer output, ValueTest? except = null)
    {
        var elements = new Elements(array);
        var count = 0;
        var ignored = -1;
        while (elements.MoveNext())
        {
            if (except is null || !except.Test(elements.Value, ref ignored))
            {
                output.WriteItem(count++, elements.Value);
            }
        }
        return count;
    }
}

/// <summary><c>$push</c> with its modifiers <c>$each $position $slice $sort</c>.</summary>
internal sealed class Push(IReadOnlyList<StoredValue> values, int? position, int? slice, IComparer<StoredValue>? order) : ArrayModifier("$push")
{
    protected override void Write(ReadOnlySpan<byte> array, BsonBuffer output)
    {
        if (position is null && slice is null && order is null)
        {
            var count = Copy(array, output);
            foreach (var value in values)
            {
                output.WriteItem(count++, value.Raw);
            }
            return;
        }

        var items = new List<StoredValue>();
        var elements = new Elements(array);
        while (elements.MoveNext())
        {
            items.Add(StoredValue.Copy(elements.Value));
        }
        var at = position switch
        {
            null => items.Count,
            < 0 => Math.Max(0, items.Count + position.Value),
            _ => Math.Min(items.Count, position.Value),
        };
        items.InsertRange(at, values);
        if (order is not null)
        {
            items = [.. items.OrderBy(item => item, order)];
        }
        if (slice >= 0 && slice < items.Count)
        {
            items.RemoveRange(slice.Value, items.Count - slice.Value);
        }
        if (slice < 0 && -(long)slice.Value < items.Count)
        {
            items.RemoveRange(0, items.Count + slice.Value);
        }
        for (var i = 0; i < items.Count; i++)
        {
            output.WriteItem(i, items[i].Raw);
        }
    }
}

/// <summary><c>$addToSet</c>: appends the values that no element equals yet.</summary>
internal sealed class AddToSet(IReadOnlyList<StoredValue> values) : ArrayModifier("$addToSet")
{
    protected override void Write(ReadOnlySpan<byte> array, BsonBuffer output)
    {
        var count = Copy(array, output);
        var added = new List<StoredValue>();
        foreach (var value in values)
        {
            if (Contains(array, value) || added.Contains(value))
            {
                continue;
            }
            added.Add(value);
            output.WriteItem(count++, value.Raw);
        }
    }

    private static bool Contains(ReadOnlySpan<byte> array, StoredValue value)
    {
        var elements = new Elements(array);
        while (elements.MoveNext())
        {
            if (ValueOrder.Equal(elements.Value, value.Raw))
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary><c>$pop</c>: drops the first element, or the last.</summary>
internal sealed class Pop(bool first) : ArrayModifier("$pop")
{
    public override bool Creates(Application application) => false;

    protected override CommandException Refuse(string message) => new CommandException(ErrorCode.TypeMismatch, message);

    protected override void Write(ReadOnlySpan<byte> array, BsonBuffer output)
    {
        var last = Elements.Count(array) - 1;
        var elements = new Elements(array);
        for (var i = 0; elements.MoveNext(); i++)
        {
            if (i != (first ? 0 : last))
            {
                output.WriteItem(first ? i - 1 : i, elements.Value);
            }
        }
    }
}

/// <summary><c>$pull</c> and <c>$pullAll</c>: drops the elements that a test picks.</summary>
internal sealed class Pull(string name, ValueTest picked) : ArrayModifier(name)
{
    public override bool Creates(Application application) => false;

    protected override void Write(ReadOnlySpan<byte> array, BsonBuffer output) => Copy(array, output, except: picked);
}

/// <summary>What <c>$pull</c> with a plain document picks: the elements that are documents and match it as a query.</summary>
internal sealed class DocumentMatchesTest(Predicate query) : ValueTest
{
    public override bool Test(RawValue value, ref int position)
    {
        var ignored = -1;
        return value.IsDocument && query.Matches(value.Bytes, ref ignored);
    }
}
