using System.Buffers.Binary;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Expressions.Accumulators;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Updates.Modifiers;

/// <summary><c>$set</c>.</summary>
internal sealed class Set(StoredValue value) : Modifier
{
    public override void Apply(RawValue current, ReadOnlySpan<byte> name, Application application) =>
        application.Output.WriteElement(name, value.Raw);
}

/// <summary><c>$setOnInsert</c>: a <c>$set</c> that only an upsert sees.</summary>
internal sealed class SetOnInsert(StoredValue value) : Modifier
{
    public override bool Creates(Application application) => application.IsInsert;

    public override void Apply(RawValue current, ReadOnlySpan<byte> name, Application application) =>
        application.Output.WriteElement(name, application.IsInsert ? value.Raw : current);
}

/// <summary><c>$unset</c>.</summary>
internal sealed class Unset : Modifier
{
    public override bool Creates(Application application) => false;

    public override void Apply(RawValue current, ReadOnlySpan<byte> name, Application application) { }
}

/// <summary>The target of <c>$rename</c>; its source is an <see cref="Unset"/>. A missing source changes nothing.</summary>
internal sealed class MoveHere(int number) : Modifier
{
    public override bool Creates(Application application) => application.Moved[number].Type != BsonType.EndOfDocument;

    public override void Apply(RawValue current, ReadOnlySpan<byte> name, Application application) =>
        application.Output.WriteElement(name, Creates(application) ? application.Moved[number].Raw : current);
}

/// <summary><c>$inc</c> and <c>$mul</c>; a missing field counts as zero.</summary>
internal sealed class Arithmetic(string name, Number operand) : Modifier
{
    private readonly bool _multiplies = name == "$mul";

    public override void Apply(RawValue current, ReadOnlySpan<byte> name1, Application application)
    {
        if (!current.IsMissing && !current.IsNumber)
        {
            throw new CommandException(ErrorCode.TypeMismatch,
                $"Cannot apply {name} to a value of non-numeric type. The field '{System.Text.Encoding.UTF8.GetString(name1)}' is of type {TypeName.Of(current.Type)}");
        }
        var before = current.IsMissing ? (Number)0 : Number.From(current);
        var after = _multiplies ? before * operand : before + operand;
        if (before.IsInteger && operand.IsInteger && !after.IsInteger)
        {
            throw new CommandException(
                ErrorCode.BadValue, $"Failed to apply {name} operations to current value ({before}): the result is no 64-bit integer");
        }
        application.Output.BeginElement(after.Type, name1);
        after.Write(application.Output);
    }
}

/// <summary><c>$min</c> and <c>$max</c> by the total order; a missing field takes the operand.</summary>
internal sealed class Extreme(StoredValue operand, bool greatest) : Modifier
{
    public override void Apply(RawValue current, ReadOnlySpan<byte> name, Application application)
    {
        var replaces = current.IsMissing || (greatest ? ValueOrder.Compare(operand.Raw, current) > 0 : ValueOrder.Compare(operand.Raw, current) < 0);
        application.Output.WriteElement(name, replaces ? operand.Raw : current);
    }
}

/// <summary><c>$currentDate</c>.</summary>
internal sealed class CurrentDate(bool asTimestamp) : Modifier
{
    public override void Apply(RawValue current, ReadOnlySpan<byte> name, Application application)
    {
        var milliseconds = application.Now.ToUnixTimeMilliseconds();
        application.Output.BeginElement(asTimestamp ? BsonType.Timestamp : BsonType.DateTime, name);
        BinaryPrimitives.WriteInt64LittleEndian(application.Output.Take(8), asTimestamp ? ((milliseconds / 1000) << 32) | 1 : milliseconds);
    }
}

/// <summary><c>$bit</c>: and, or, xor in turn; a missing field counts as zero.</summary>
internal sealed class Bits(IReadOnlyList<(string Operation, Number Operand)> steps) : Modifier
{
    public override void Apply(RawValue current, ReadOnlySpan<byte> name, Application application)
    {
        if (!current.IsMissing && current.Type is not (BsonType.Int32 or BsonType.Int64))
        {
            throw new CommandException(ErrorCode.BadValue, "Cannot apply $bit to a value of non-integral type");
        }
        var value = current.IsMissing ? 0 : Number.From(current).Integer;
        var wide = current.Type == BsonType.Int64;
        foreach (var (operation, operand) in steps)
        {
            wide |= operand.Type == BsonType.Int64;
            value = operation switch
            {
                "and" => value & operand.Integer,
                "or" => value | operand.Integer,
                _ => value ^ operand.Integer,
            };
        }
        if (wide)
        {
            application.Output.WriteInt64(name, value);
        }
        else
        {
            application.Output.WriteInt32(name, (int)value);
        }
    }
}
