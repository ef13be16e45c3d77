using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query.Predicates;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Query;

/// <summary>Turns a filter document into predicates. An operator it does not know, or knows and does not support, is refused by name.</summary>
internal static class FilterParser
{
    private const int MaxBits = 1 << 20;

    public static Predicate Parse(ReadOnlySpan<byte> spec, Variables variables)
    {
        var parts = new List<Predicate>();
        var elements = new Elements(spec);
        while (elements.MoveNext())
        {
            var name = Encoding.UTF8.GetString(elements.Name);
            if (name.StartsWith('$'))
            {
                AddTopLevel(name, elements.Value, variables, parts);
            }
            else { AddField(new FieldPath(name), elements.Value, variables, parts); }
        }
        return parts is [var only] ? only : new All(parts);
    }

    /// <summary>Whether a value is a document of operators, as <c>{$gt: 5}</c> is; a reference (<c>$ref, $id, $db</c>) is a plain document.</summary>
    public static bool IsOperators(RawValue value)
    {
        if (!value.IsDocument)
        {
            return false;
        }
        var elements = new Elements(value.Bytes);
        return elements.MoveNext() && elements.Name is [(byte)'$', ..]
            && !elements.Name.SequenceEqual("$ref"u8) && !elements.Name.SequenceEqual("$id"u8) && !elements.Name.SequenceEqual("$db"u8);
    }

    /// <summary>
    /// The operators of <c>{$gt: 1, $lt: 5}</c>, or equality with a plain value, as one test of one value: what <c>$pull</c> and array filters ask.
    /// </summary>
    public static ValueTest ParseElementTest(RawValue spec, Variables variables) => spec switch
    {
        { Type: BsonType.RegularExpression } => RegexOf(spec),
        _ when IsOperators(spec) => new AllTests(ParseOperators(spec.Bytes, variables).ConvertAll(condition => condition.OnElement())),
        _ => new EqualTest(StoredValue.Copy(spec)),
    };

    private static void AddTopLevel(string name, RawValue value, Variables variables, List<Predicate> parts)
    {
        switch (name)
        {
            case "$and":
                parts.Add(new All(ParseList(name, value, variables)));
                break;
            case "$or":
                parts.Add(new Either(ParseList(name, value, variables)));
                break;
            case "$nor":
                parts.Add(new Not(new Either(ParseList(name, value, variables))));
                break;
            case "$expr":
                parts.Add(new ExpressionPredicate(value, variables));
                break;
            case "$comment":
                break;
            case "$where" or "$text" or "$jsonSchema" or "$sampleRate" or "$rand":
                throw new CommandException(ErrorCode.BadValue, $"{name} is not supported by this server");
            default:
                throw new CommandException(ErrorCode.BadValue,
                    $"unknown top level operator: {name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.");
        }
    }

    private static List<Predicate> ParseList(string name, RawValue value, Variables variables)
    {
        if (!value.IsArray)
        {
            throw new CommandException(ErrorCode.BadValue, $"{name} must be an array");
        }
        var parts = new List<Predicate>();
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            if (!elements.Value.IsDocument)
            {
                throw new CommandException(ErrorCode.BadValue, $"{name} argument's entries must be objects");
            }
            parts.Add(Parse(elements.ValueBytes, variables));
        }
        return parts.Count > 0 ? parts : throw new CommandException(ErrorCode.BadValue, $"{name} must be a nonempty array");
    }

    private static void AddField(FieldPath path, RawValue value, Variables variables, List<Predicate> parts)
    {
        if (value.Type == BsonType.RegularExpression)
        {
            parts.Add(new FieldPredicate(path, RegexOf(value)));
        }
        else if (IsOperators(value))
        {
            foreach (var condition in ParseOperators(value.Bytes, variables))
            {
                parts.Add(condition.OnPath(path));
            }
        }
        else
        {
            if (value.Type == BsonType.Undefined)
            {
                throw new CommandException(ErrorCode.BadValue, "cannot compare to undefined");
            }
            parts.Add(new FieldPredicate(path, new EqualTest(StoredValue.Copy(value))));
        }
    }

    private static List<Condition> ParseOperators(ReadOnlySpan<byte> spec, Variables variables)
    {
        var conditions = new List<Condition>();
        var elements = new Elements(spec);
        while (elements.MoveNext())
        {
            if (ParseOperator(Encoding.UTF8.GetString(elements.Name), elements.Value, spec, variables) is { } condition)
            {
                conditions.Add(condition);
            }
        }
        return conditions;
    }

    /// <param name="beside">The whole document of operators: <c>$regex</c> and <c>$options</c> belong together.</param>
    private static Condition? ParseOperator(string name, RawValue value, ReadOnlySpan<byte> beside, Variables variables) => name switch
    {
        "$eq" => Condition.Of(EqualityOf(value)),
        "$ne" => Condition.Not(Condition.Of(value.Type == BsonType.RegularExpression
            ? throw new CommandException(ErrorCode.BadValue, "Can't have regex as arg to $ne.")
            : EqualityOf(value))),
        "$gt" => Condition.Of(RangeOf(name, value, greater: true, orEqual: false)),
        "$gte" => Condition.Of(RangeOf(name, value, greater: true, orEqual: true)),
        "$lt" => Condition.Of(RangeOf(name, value, greater: false, orEqual: false)),
        "$lte" => Condition.Of(RangeOf(name, value, greater: false, orEqual: true)),
        "$in" => Condition.Of(InOf(name, value)),
        "$nin" => Condition.Not(Condition.Of(InOf(name, value))),
        "$not" => Condition.Not(NotOf(value, variables)),
        "$exists" => value.IsTruthy ? Condition.Of(new ExistsTest()) : Condition.Not(Condition.Of(new ExistsTest())),
        "$type" => Condition.Of(new TypeTest(TypesOf(value))),
        "$regex" => Condition.Of(RegexOf(value, Elements.Find(beside, "$options"u8))),
        "$options" => Elements.Find(beside, "$regex"u8).IsMissing ? throw new CommandException(ErrorCode.BadValue, "$options needs a $regex") : null,
        "$mod" => Condition.Of(ModOf(value)),
        "$size" => Condition.Of(SizeOf(value)),
        "$all" => AllOf(value, variables),
        "$elemMatch" => Condition.Of(ElemMatchOf(value, variables)),
        "$bitsAllSet" => Condition.Of(new BitsTest(BitsOf(name, value), set: true, all: true)),
        "$bitsAnySet" => Condition.Of(new BitsTest(BitsOf(name, value), set: true, all: false)),
        "$bitsAllClear" => Condition.Of(new BitsTest(BitsOf(name, value), set: false, all: true)),
        "$bitsAnyClear" => Condition.Of(new BitsTest(BitsOf(name, value), set: false, all: false)),
        "$comment" => null,
        "$near" or "$nearSphere" or "$geoWithin" or "$geoIntersects" or "$within" =>
            throw new CommandException(ErrorCode.BadValue, $"{name} is not supported by this server"),
        _ => throw new CommandException(ErrorCode.BadValue, $"unknown operator: {name}"),
    };

    private static EqualTest EqualityOf(RawValue value) => value.Type == BsonType.Undefined
        ? throw new CommandException(ErrorCode.BadValue, "cannot compare to undefined")
        : new EqualTest(StoredValue.Copy(value));

    private static RangeTest RangeOf(string name, RawValue value, bool greater, bool orEqual) => value.Type switch
    {
        BsonType.RegularExpression => throw new CommandException(ErrorCode.BadValue, $"Can't have RegEx as arg to predicate over field '{name}'."),
        BsonType.Undefined => throw new CommandException(ErrorCode.BadValue, "cannot compare to undefined"),
        _ => new(StoredValue.Copy(value), greater, orEqual),
    };

    private static InTest InOf(string name, RawValue value)
    {
        if (!value.IsArray)
        {
            throw new CommandException(ErrorCode.BadValue, $"{name} needs an array");
        }
        var values = new List<StoredValue>();
        var patterns = new List<RegexTest>();
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            if (elements.Type == BsonType.RegularExpression)
            {
                patterns.Add(RegexOf(elements.Value));
            }
            else if (IsOperators(elements.Value))
            {
                throw new CommandException(ErrorCode.BadValue, $"cannot nest $ under {name}");
            }
            else { values.Add(StoredValue.Copy(elements.Value)); }
        }
        return new(values, patterns);
    }

    private static Condition NotOf(RawValue value, Variables variables)
    {
        if (value.Type == BsonType.RegularExpression)
        {
            return Condition.Of(RegexOf(value));
        }
        if (!value.IsDocument)
        {
            throw new CommandException(ErrorCode.BadValue, "$not needs a regex or a document");
        }
        if (Elements.IsEmpty(value.Bytes))
        {
            throw new CommandException(ErrorCode.BadValue, "$not cannot be empty");
        }
        if (!IsOperators(value))
        {
            throw new CommandException(ErrorCode.BadValue, "$not cannot be a plain document: it needs operators");
        }
        return Condition.Every(ParseOperators(value.Bytes, variables));
    }

    private static Condition AllOf(RawValue value, Variables variables)
    {
        if (!value.IsArray)
        {
            throw new CommandException(ErrorCode.BadValue, "$all needs an array");
        }
        var conditions = new List<Condition>();
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            var item = elements.Value;
            if (!IsOperators(item))
            {
                conditions.Add(Condition.Of(item.Type == BsonType.RegularExpression ? RegexOf(item) : EqualityOf(item)));
            }
            else if (item.Field("$elemMatch"u8) is { IsMissing: false } query)
            {
                conditions.Add(Condition.Of(ElemMatchOf(query, variables)));
            }
            else { throw new CommandException(ErrorCode.BadValue, "no $ expressions in $all"); }
        }
        return conditions.Count > 0 ? Condition.Every(conditions) : Condition.Of(new InTest([], []));
    }

    internal static ValueTest ParseElemMatch(RawValue value, Variables variables) => ElemMatchOf(value, variables);

    private static ValueTest ElemMatchOf(RawValue value, Variables variables)
    {
        if (!value.IsDocument)
        {
            throw new CommandException(ErrorCode.BadValue, "$elemMatch needs an Object");
        }
        if (IsOperators(value) && !IsLogical(value))
        {
            return new ElementPassesTest(new AllTests(ParseOperators(value.Bytes, variables).ConvertAll(condition => condition.OnElement())));
        }
        return new ElementMatchesTest(Parse(value.Bytes, variables));
    }

    private static bool IsLogical(RawValue query)
    {
        var elements = new Elements(query.Bytes);
        elements.MoveNext();
        return elements.Name.SequenceEqual("$and"u8) || elements.Name.SequenceEqual("$or"u8) || elements.Name.SequenceEqual("$nor"u8)
            || elements.Name.SequenceEqual("$expr"u8);
    }

    private static RegexTest RegexOf(RawValue value, RawValue options = default)
    {
        var (pattern, flags) = value.Type switch
        {
            BsonType.RegularExpression => Regexes.Split(value.Bytes),
            BsonType.String => (value.Text, ""),
            _ => throw new CommandException(ErrorCode.BadValue, "$regex has to be a string"),
        };
        if (!options.IsMissing)
        {
            if (!options.IsString)
            {
                throw new CommandException(ErrorCode.BadValue, "$options has to be a string");
            }
            if (flags.Length > 0)
            {
                throw new CommandException(51075, "options set in both $regex and $options");
            }
            flags = options.Text;
        }
        return pattern.Contains('\0')
            ? throw new CommandException(51091, "Regular expression cannot contain an embedded null byte")
            : new(pattern, flags);
    }

    private static ModTest ModOf(RawValue value)
    {
        if (!value.IsArray)
        {
            throw new CommandException(ErrorCode.BadValue, "malformed mod, needs to be an array");
        }
        var count = Elements.Count(value.Bytes);
        if (count != 2)
        {
            throw new CommandException(ErrorCode.BadValue, $"malformed mod, {(count < 2 ? "not enough" : "too many")} elements");
        }
        var divisor = WholeOf("divisor", Elements.At(value.Bytes, 0));
        var remainder = WholeOf("remainder", Elements.At(value.Bytes, 1));
        return divisor == 0 ? throw new CommandException(ErrorCode.BadValue, "divisor cannot be 0") : new(divisor, remainder);

        static long WholeOf(string name, RawValue value) => value.IsNumber && Number.From(value).TryTruncate(out var whole)
            ? whole
            : throw new CommandException(ErrorCode.BadValue, $"malformed mod, {name} not a number");
    }

    private static SizeTest SizeOf(RawValue value)
    {
        if (!value.IsNumber || !Number.From(value).TryGetInt64(out var size))
        {
            throw new CommandException(ErrorCode.BadValue, "$size must be a whole number");
        }
        return size < 0 ? throw new CommandException(ErrorCode.BadValue, "$size may not be negative") : new(size);
    }

    private static HashSet<BsonType> TypesOf(RawValue value)
    {
        var types = new HashSet<BsonType>();
        if (!value.IsArray)
        {
            Add(value, types);
            return types;
        }
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            Add(elements.Value, types);
        }
        return types.Count > 0 ? types : throw new CommandException(ErrorCode.FailedToParse, "$type must match at least one type");

        static void Add(RawValue value, HashSet<BsonType> types)
        {
            if (value.IsString)
            {
                var alias = value.Text;
                if (alias == "number")
                {
                    types.UnionWith([BsonType.Double, BsonType.Int32, BsonType.Int64, BsonType.Decimal128]);
                    return;
                }
                for (var code = 1; code <= 255; code++)
                {
                    if (TypeName.Of((BsonType)code) == alias && alias != "unknown")
                    {
                        types.Add((BsonType)code);
                        return;
                    }
                }
                throw new CommandException(ErrorCode.BadValue, $"Unknown type name alias: {alias}");
            }
            if (!value.IsNumber)
            {
                throw new CommandException(ErrorCode.TypeMismatch, "type must be represented as a number or a string");
            }
            if (!Number.From(value).TryGetInt64(out var number) || (number != -1 && TypeName.Of((BsonType)number) is "unknown" or "missing"))
            {
                throw new CommandException(ErrorCode.BadValue, $"Invalid numerical type code: {Number.From(value)}");
            }
            types.Add(number == -1 ? BsonType.MinKey : (BsonType)number);
        }
    }

    private static List<int> BitsOf(string name, RawValue value)
    {
        var positions = new List<int>();
        if (value.IsArray)
        {
            var elements = new Elements(value.Bytes);
            while (elements.MoveNext())
            {
                if (!elements.Value.IsNumber || !Number.From(elements.Value).TryGetInt64(out var bit) || bit is < 0 or > MaxBits)
                {
                    throw new CommandException(ErrorCode.BadValue, $"bit positions of {name} must be whole numbers from 0 to {MaxBits}");
                }
                positions.Add((int)bit);
            }
            return positions;
        }
        if (value.Type == BsonType.Binary)
        {
            var payload = value.Payload;
            for (var bit = 0; bit < payload.Length * 8; bit++)
            {
                if (((payload[bit / 8] >> (bit % 8)) & 1) != 0)
                {
                    positions.Add(bit);
                }
            }
            return positions;
        }
        if (!value.IsNumber || !Number.From(value).TryGetInt64(out var mask) || mask < 0)
        {
            throw new CommandException(ErrorCode.BadValue, $"{name} takes an Array, a non-negative number, or a BinData");
        }
        for (var bit = 0; bit < 63; bit++)
        {
            if (((mask >> bit) & 1) != 0)
            {
                positions.Add(bit);
            }
        }
        return positions;
    }
}
