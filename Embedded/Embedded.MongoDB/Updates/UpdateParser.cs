using System.Text;
using System.Text.RegularExpressions;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Query.Predicates;
using Embedded.MongoDB.Updates.Modifiers;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Updates;

/// <summary>Turns <c>{$set: {…}, $inc: {…}}</c> into a tree of modifiers.</summary>
internal sealed partial class UpdateParser(Variables variables)
{
    public UpdateNode Root { get; } = UpdateNode.Root();

    /// <summary>The sources of <c>$rename</c>, by the number of the rename.</summary>
    public List<FieldPath> Moved { get; } = [];

    public Dictionary<string, Filter> ArrayFilters { get; } = [];

    private readonly HashSet<string> _usedFilters = [];

    public void ParseArrayFilters(RawValue filters)
    {
        if (filters.IsMissing)
        {
            return;
        }
        var elements = new Elements(filters.Bytes);
        while (elements.MoveNext())
        {
            if (!elements.Value.IsDocument)
            {
                throw new CommandException(ErrorCode.TypeMismatch, "an array filter must be an object");
            }
            var filter = Filter.Parse(elements.ValueBytes, variables);
            var names = filter.Uses.Names;
            if (names.Count != 1)
            {
                throw new CommandException(
                    ErrorCode.FailedToParse, $"Expected a single top-level field name, found {names.Count} in an array filter");
            }
            var name = names.First();
            if (!Identifier().IsMatch(name))
            {
                throw new CommandException(
                    ErrorCode.BadValue, $"The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '{name}'");
            }
            if (!ArrayFilters.TryAdd(name, filter))
            {
                throw new CommandException(ErrorCode.FailedToParse, $"Found multiple array filters with the same top-level field name {name}");
            }
        }
    }

    public void Parse(ReadOnlySpan<byte> spec)
    {
        var operators = new Elements(spec);
        while (operators.MoveNext())
        {
            var name = Encoding.UTF8.GetString(operators.Name);
            if (!operators.Value.IsDocument && Known.Contains(name))
            {
                throw new CommandException(ErrorCode.FailedToParse,
                    $"Modifiers operate on fields but we found type {TypeName.Of(operators.Type)} instead. For example: {{$mod: {{<field>: ...}}}} not {{{name}: ...}}");
            }
            if (!Known.Contains(name))
            {
                throw new CommandException(ErrorCode.FailedToParse,
                    $"Unknown modifier: {name}. Expected a valid update modifier or pipeline-style update specified as an array");
            }
            var fields = new Elements(operators.ValueBytes);
            while (fields.MoveNext())
            {
                Add(name, Encoding.UTF8.GetString(fields.Name), fields.Value);
            }
        }

        foreach (var unused in ArrayFilters.Keys.Except(_usedFilters))
        {
            throw new CommandException(ErrorCode.FailedToParse, $"The array filter for identifier '{unused}' was not used in the update");
        }
    }

    private static readonly HashSet<string> Known =
    [
        "$set", "$setOnInsert", "$unset", "$inc", "$mul", "$min", "$max", "$rename", "$currentDate",
        "$push", "$addToSet", "$pop", "$pull", "$pullAll", "$bit",
    ];

    private void Add(string name, string path, RawValue value)
    {
        foreach (var part in path.Split('.'))
        {
            if (part is not ['$', '[', _, .., ']'])
            {
                continue;
            }
            var identifier = part[2..^1];
            if (!ArrayFilters.ContainsKey(identifier))
            {
                throw new CommandException(ErrorCode.BadValue, $"No array filter found for identifier '{identifier}' in path '{path}'");
            }
            _usedFilters.Add(identifier);
        }
        if (name == "$rename")
        {
            AddRename(path, value);
            return;
        }
        Root.Add(path, name switch
        {
            "$set" => new Set(StoredValue.Copy(value)),
            "$setOnInsert" => new SetOnInsert(StoredValue.Copy(value)),
            "$unset" => new Unset(),
            "$inc" or "$mul" => new Arithmetic(name, value.IsNumber
                ? Number.From(value)
                : throw new CommandException(ErrorCode.TypeMismatch,
                    $"Cannot {(name == "$inc" ? "increment" : "multiply")} with non-numeric argument: {{{path}: a value of type {TypeName.Of(value.Type)}}}")),
            "$min" => new Extreme(StoredValue.Copy(value), greatest: false),
            "$max" => new Extreme(StoredValue.Copy(value), greatest: true),
            "$currentDate" => new CurrentDate(IsTimestamp(value)),
            "$push" => PushOf(value),
            "$addToSet" => new AddToSet(EachOf("$addToSet", value)),
            "$pop" => new Pop(IsFirst(value)),
            "$pull" => new Pull(name, PullTest(value)),
            "$pullAll" => new Pull(name, new InTest(ItemsOf("$pullAll", value), [])),
            _ => new Bits(BitSteps(value)),
        });
    }

    private void AddRename(string path, RawValue value)
    {
        if (!value.IsString)
        {
            throw new CommandException(ErrorCode.BadValue, $"The 'to' field for $rename must be a string: {path}");
        }
        var target = value.Text;
        if ((path + "." + target).Split('.').Any(part => part.StartsWith('$')))
        {
            throw new CommandException(ErrorCode.BadValue, "The source and target fields for $rename may not be dynamic");
        }
        if (path == target)
        {
            throw new CommandException(ErrorCode.BadValue, $"The source and target field for $rename must differ: {path}");
        }
        Root.Add(path, new Unset());
        Root.Add(target, new MoveHere(Moved.Count));
        Moved.Add(new FieldPath(path));
    }

    private static bool IsTimestamp(RawValue value)
    {
        if (value.Type == BsonType.Boolean)
        {
            return false;
        }
        var type = value.Field("$type"u8);
        return type.IsString && type.Text is "date" or "timestamp"
            ? type.Text == "timestamp"
            : throw new CommandException(ErrorCode.BadValue, "$currentDate takes true or {$type: 'date' or 'timestamp'}");
    }

    private static bool IsFirst(RawValue value)
    {
        if (!value.IsNumber || !Number.From(value).TryGetInt64(out var end))
        {
            throw new CommandException(ErrorCode.FailedToParse, "$pop expects 1 or -1");
        }
        return end is 1 or -1 ? end == -1 : throw new CommandException(ErrorCode.FailedToParse, $"$pop expects 1 or -1, found: {end}");
    }

    private ValueTest PullTest(RawValue value) => value.IsDocument && !FilterParser.IsOperators(value)
        ? new DocumentMatchesTest(FilterParser.Parse(value.Bytes, variables))
        : FilterParser.ParseElementTest(value, variables);

    private static List<(string, Number)> BitSteps(RawValue value)
    {
        if (!value.IsDocument)
        {
            throw new CommandException(ErrorCode.BadValue, "The $bit modifier is not compatible with a value that is no document");
        }
        var steps = new List<(string, Number)>();
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            var operation = Encoding.UTF8.GetString(elements.Name);
            if (operation is not ("and" or "or" or "xor"))
            {
                throw new CommandException(ErrorCode.BadValue, $"The $bit modifier only supports 'and', 'or', and 'xor', not '{operation}'");
            }
            if (elements.Type is not (BsonType.Int32 or BsonType.Int64))
            {
                throw new CommandException(ErrorCode.BadValue, "The $bit modifier field must be an Integer(32/64 bit)");
            }
            steps.Add((operation, Number.From(elements.Value)));
        }
        return steps.Count > 0 ? steps : throw new CommandException(ErrorCode.BadValue, "You must pass in at least one bitwise operation");
    }

    private static List<StoredValue> ItemsOf(string name, RawValue value)
    {
        if (!value.IsArray)
        {
            throw new CommandException(
                ErrorCode.BadValue, $"{name} requires an array argument but was given a value of type {TypeName.Of(value.Type)}");
        }
        var items = new List<StoredValue>();
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            items.Add(StoredValue.Copy(elements.Value));
        }
        return items;
    }

    private static List<StoredValue> EachOf(string name, RawValue value)
    {
        var each = value.Field("$each"u8);
        if (each.IsMissing)
        {
            return [StoredValue.Copy(value)];
        }
        return each.IsArray ? ItemsOf(name, each)
            : throw new CommandException(
                ErrorCode.TypeMismatch, $"The argument to $each in {name} must be an array but it was of type {TypeName.Of(each.Type)}");
    }

    private static Push PushOf(RawValue value)
    {
        var values = EachOf("$push", value);
        if (value.Field("$each"u8).IsMissing)
        {
            return new(values, null, null, null);
        }
        int? position = null, slice = null;
        Comparer<StoredValue>? order = null;
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            switch (Encoding.UTF8.GetString(elements.Name))
            {
                case "$each": break;
                case "$position": position = WholeOf("$position", elements.Value); break;
                case "$slice": slice = WholeOf("$slice", elements.Value); break;
                case "$sort": order = OrderOf(elements.Value); break;
                case var other: throw new CommandException(ErrorCode.BadValue, $"Unrecognized clause in $push: {other}");
            }
        }
        return new(values, position, slice, order);
    }

    private static int WholeOf(string name, RawValue value) => value.IsNumber && Number.From(value).TryGetInt64(out var whole)
        ? (int)Math.Clamp(whole, -int.MaxValue, int.MaxValue)
        : throw new CommandException(
            ErrorCode.BadValue, $"The value for {name} must be an integer value but was given type: {TypeName.Of(value.Type)}");

    private static Comparer<StoredValue> OrderOf(RawValue value)
    {
        if (value.IsDocument)
        {
            var sort = Sort.Parse(value.Bytes);
            return Comparer<StoredValue>.Create((a, b) => sort.Compare(
                a.Type == BsonType.Document ? a.Raw.Bytes : [5, 0, 0, 0, 0], b.Type == BsonType.Document ? b.Raw.Bytes : [5, 0, 0, 0, 0]));
        }
        if (!value.IsNumber || !Number.From(value).TryGetInt64(out var direction) || direction is not (1 or -1))
        {
            throw new CommandException(ErrorCode.BadValue, "The $sort element value must be either 1 or -1");
        }
        return Comparer<StoredValue>.Create((a, b) => ValueOrder.Compare(a.Raw, b.Raw) * (int)direction);
    }

    [GeneratedRegex("^[a-z][a-zA-Z0-9]*$")]
    private static partial Regex Identifier();
}
