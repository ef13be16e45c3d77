using System.Globalization;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Types and conversions. What cannot be converted is error 241, unless <c>onError</c> says what to do.</summary>
internal static class TypeOperators
{
    public static readonly Operator[] Rows =
    [
        Operator.One("$type", (value, scope) => scope.String(TypeName.Of(value.Type))),
        Operator.One("$isNumber", (value, _) => RawValue.Of(value.IsNumber)),
        Operator.One("$toInt", (value, scope) => Convert(value, BsonType.Int32, scope)),
        Operator.One("$toLong", (value, scope) => Convert(value, BsonType.Int64, scope)),
        Operator.One("$toDouble", (value, scope) => Convert(value, BsonType.Double, scope)),
        Operator.One("$toDecimal", (value, scope) => Convert(value, BsonType.Decimal128, scope)),
        Operator.One("$toString", (value, scope) => Convert(value, BsonType.String, scope)),
        Operator.One("$toBool", (value, scope) => Convert(value, BsonType.Boolean, scope)),
        Operator.One("$toDate", (value, scope) => Convert(value, BsonType.DateTime, scope)),
        Operator.One("$toObjectId", (value, scope) => Convert(value, BsonType.ObjectId, scope)),
        Operator.Named("$convert", ["input", "to", "onError?", "onNull?"], ConvertTo),
    ];

    private static RawValue ConvertTo(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var input = arguments[0].Evaluate(root, scope);
        if (input.IsNullish)
        {
            return arguments[3] is Nothing ? RawValue.Null : arguments[3].Evaluate(root, scope);
        }
        var to = arguments[1].Evaluate(root, scope);
        if (to.IsNullish)
        {
            return RawValue.Null;
        }
        try { return Convert(input, TypeOf(to), scope); }
        catch (CommandException problem) when (problem.Code == 241 && arguments[2] is not Nothing) { return arguments[2].Evaluate(root, scope); }
    }

    private static BsonType TypeOf(RawValue to)
    {
        BsonType[] known = [BsonType.Int32, BsonType.Int64, BsonType.Double, BsonType.Decimal128, BsonType.String, BsonType.Boolean,
            BsonType.DateTime, BsonType.ObjectId];
        foreach (var type in known)
        {
            if (to.IsString ? to.Text == TypeName.Of(type) : to.IsNumber && Number.From(to).TryGetInt64(out var number) && number == (int)type)
            {
                return type;
            }
        }
        throw new CommandException(ErrorCode.BadValue, "$convert's 'to' names a type that cannot be converted to");
    }

    private static RawValue Convert(RawValue value, BsonType to, Evaluation scope)
    {
        if (value.IsNullish)
        {
            return RawValue.Null;
        }
        if (value.Type == to)
        {
            return value;
        }
        return to switch
        {
            BsonType.Boolean => RawValue.Of(value.Type == BsonType.Boolean ? value.AsBoolean : value.IsTruthy),
            BsonType.String => scope.String(TextOf(value)),
            BsonType.DateTime => scope.Date(DateOf(value)),
            BsonType.ObjectId => ObjectIdOf(value, scope),
            _ => scope.Of(NumberOf(value, to)),
        };
    }

    private static Number NumberOf(RawValue value, BsonType to)
    {
        var number = value switch
        {
            { IsNumber: true } => Number.From(value),
            { Type: BsonType.Boolean } => value.AsBoolean ? 1 : 0,
            { Type: BsonType.DateTime } when to != BsonType.Int32 => value.AsInt64,
            { IsString: true } => Parsed(value.Text, to),
            _ => throw Unsupported(value.Type, to),
        };
        switch (to)
        {
            case BsonType.Double: return number.ToDouble();
            case BsonType.Decimal128: return number.ToDecimal();
        }
        if (!number.TryTruncate(out var whole) || (to == BsonType.Int32 && whole != (int)whole))
        {
            throw Failed($"Conversion would overflow target type in $convert with no onError value: {number}");
        }
        return to == BsonType.Int32 ? (Number)(int)whole : whole;
    }

    private static Number Parsed(string text, BsonType to)
    {
        if (to is BsonType.Int32 or BsonType.Int64)
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Unreadable(text);
        }
        if (to == BsonType.Decimal128)
        {
            return DecimalNumber.TryParse(text, out var exact) ? exact : throw Unreadable(text);
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : throw Unreadable(text);

        static CommandException Unreadable(string text) => Failed($"Failed to parse number '{text}' in $convert with no onError value");
    }

    private static string TextOf(RawValue value) => value.Type switch
    {
        BsonType.Boolean => value.AsBoolean ? "true" : "false",
        BsonType.DateTime => Dates.Iso(value.AsInt64),
        BsonType.ObjectId => System.Convert.ToHexStringLower(value.Bytes),
        BsonType.Symbol => value.Text,
        _ when value.IsNumber => Number.From(value).ToString(),
        _ => throw Unsupported(value.Type, BsonType.String),
    };

    private static long DateOf(RawValue value)
    {
        switch (value.Type)
        {
            case BsonType.ObjectId:
                return (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value.Bytes) * 1000;
            case BsonType.Timestamp:
                return (long)((ulong)value.AsInt64 >> 32) * 1000;
            case BsonType.String:
                return Dates.TryParse(value.Text, TimeZoneInfo.Utc, out var date) ? date : throw Failed($"Error parsing date string '{value.Text}'");
            case BsonType.Int64 or BsonType.Double or BsonType.Decimal128:
                return Number.From(value).TryTruncate(out var milliseconds) ? milliseconds
                    : throw Failed("Conversion would overflow target type in $convert with no onError value");
            default:
                throw Unsupported(value.Type, BsonType.DateTime);
        }
    }

    private static RawValue ObjectIdOf(RawValue value, Evaluation scope)
    {
        if (!value.IsString)
        {
            throw Unsupported(value.Type, BsonType.ObjectId);
        }
        var text = value.Text;
        return text.Length == 24 && text.All(char.IsAsciiHexDigit)
            ? scope.Keep(BsonType.ObjectId, System.Convert.FromHexString(text))
            : throw Failed($"Failed to parse objectId '{text}' in $convert with no onError value");
    }

    private static CommandException Unsupported(BsonType from, BsonType to) =>
        Failed($"Unsupported conversion from {TypeName.Of(from)} to {TypeName.Of(to)} in $convert with no onError value");

    private static CommandException Failed(string message) => new(ErrorCode.ConversionFailure, message);
}
