using System.Text;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Operators whose arguments are not plain expressions: they bind variables, or take something as it stands.</summary>
internal static class BindingOperators
{
    /// <returns>Null when the operator is none of these.</returns>
    public static Expression? TryParse(string name, RawValue value, ExpressionScope scope) => name switch
    {
        "$literal" or "$const" => new Constant(StoredValue.Copy(value)),
        "$let" => ParseLet(value, scope),
        "$map" => ParseMap(value, scope),
        "$filter" => ParseFilter(value, scope),
        "$reduce" => ParseReduce(value, scope),
        "$cond" => ParseCond(value, scope),
        "$switch" => ParseSwitch(value, scope),
        "$sortArray" => ParseSortArray(value, scope),
        "$getField" => ParseGetField(value, scope),
        "$setField" or "$unsetField" => ParseSetField(name, value, scope),
        "$function" or "$accumulator" or "$meta" =>
            throw new CommandException(ErrorCode.InvalidPipelineOperator, $"{name} is not supported by this server"),
        _ => null,
    };

    private static LetExpression ParseLet(RawValue value, ExpressionScope scope)
    {
        var vars = Required("$let", value, "vars"u8);
        var body = Required("$let", value, "in"u8);
        if (!vars.IsDocument)
        {
            throw new CommandException(16875, "$let's 'vars' must be an object");
        }
        var bound = new List<(string Name, Expression Value)>();
        var elements = new Elements(vars.Bytes);
        while (elements.MoveNext())
        {
            bound.Add((VariableName(elements.Name), Expression.Parse(elements.Value, scope)));
        }
        var numbered = bound.ConvertAll(variable => (scope.Define(variable.Name), variable.Value));
        var inner = Expression.Parse(body, scope);
        scope.Forget(bound.Count);
        return new(numbered, inner);
    }

    private static MapExpression ParseMap(RawValue value, ExpressionScope scope)
    {
        var input = Expression.Parse(Required("$map", value, "input"u8), scope);
        var number = scope.Define(As(value));
        var inner = Expression.Parse(Required("$map", value, "in"u8), scope);
        scope.Forget(1);
        return new(input, number, inner);
    }

    private static FilterExpression ParseFilter(RawValue value, ExpressionScope scope)
    {
        var input = Expression.Parse(Required("$filter", value, "input"u8), scope);
        var limit = value.Field("limit"u8);
        var most = limit.IsMissing ? Nothing.Instance : Expression.Parse(limit, scope);
        var number = scope.Define(As(value));
        var condition = Expression.Parse(Required("$filter", value, "cond"u8), scope);
        scope.Forget(1);
        return new(input, number, condition, most);
    }

    private static ReduceExpression ParseReduce(RawValue value, ExpressionScope scope)
    {
        var input = Expression.Parse(Required("$reduce", value, "input"u8), scope);
        var initial = Expression.Parse(Required("$reduce", value, "initialValue"u8), scope);
        var element = scope.Define("this");
        var sofar = scope.Define("value");
        var inner = Expression.Parse(Required("$reduce", value, "in"u8), scope);
        scope.Forget(2);
        return new(input, initial, element, sofar, inner);
    }

    private static OperatorExpression ParseCond(RawValue value, ExpressionScope scope)
    {
        if (!value.IsDocument)
        {
            var count = value.IsArray ? Elements.Count(value.Bytes) : 1;
            if (count != 3)
            {
                throw new CommandException(16020, $"Expression $cond takes exactly 3 arguments. {count} were passed in.");
            }
            return new(LogicOperators.Cond,
                [Expression.Parse(Elements.At(value.Bytes, 0), scope), Expression.Parse(Elements.At(value.Bytes, 1), scope),
                    Expression.Parse(Elements.At(value.Bytes, 2), scope)]);
        }
        RawValue condition = default, then = default, otherwise = default;
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            switch (Encoding.UTF8.GetString(elements.Name))
            {
                case "if": condition = elements.Value; break;
                case "then": then = elements.Value; break;
                case "else": otherwise = elements.Value; break;
                case var other: throw new CommandException(17083, $"Unrecognized parameter to $cond: {other}");
            }
        }
        if (condition.IsMissing)
        {
            throw new CommandException(17080, "Missing 'if' parameter to $cond");
        }
        if (then.IsMissing)
        {
            throw new CommandException(17081, "Missing 'then' parameter to $cond");
        }
        if (otherwise.IsMissing)
        {
            throw new CommandException(17082, "Missing 'else' parameter to $cond");
        }
        return new(LogicOperators.Cond, [Expression.Parse(condition, scope), Expression.Parse(then, scope), Expression.Parse(otherwise, scope)]);
    }

    private static OperatorExpression ParseSwitch(RawValue value, ExpressionScope scope)
    {
        var branches = Required("$switch", value, "branches"u8);
        if (!branches.IsArray)
        {
            throw new CommandException(40061, "$switch expected an array for 'branches'");
        }
        var arguments = new List<Expression>();
        var elements = new Elements(branches.Bytes);
        while (elements.MoveNext())
        {
            arguments.Add(Expression.Parse(Required("$switch branch", elements.Value, "case"u8), scope));
            arguments.Add(Expression.Parse(Required("$switch branch", elements.Value, "then"u8), scope));
        }
        if (arguments.Count == 0)
        {
            throw new CommandException(40068, "$switch requires at least one branch.");
        }
        var otherwise = value.Field("default"u8);
        arguments.Add(otherwise.IsMissing ? Nothing.Instance : Expression.Parse(otherwise, scope));
        return new(LogicOperators.Switch, [.. arguments]);
    }

    private static SortArrayExpression ParseSortArray(RawValue value, ExpressionScope scope)
    {
        var by = Required("$sortArray", value, "sortBy"u8);
        var input = Expression.Parse(Required("$sortArray", value, "input"u8), scope);
        if (by.IsDocument)
        {
            return new(input, Sort.Parse(by.Bytes), 1);
        }
        return by.IsNumber && Number.From(by).TryGetInt64(out var direction) && direction is 1 or -1
            ? new(input, null, (int)Number.From(by).ToDouble())
            : throw new CommandException(ErrorCode.BadValue, "$sortArray sorts by 1, -1 or a document of fields");
    }

    private static OperatorExpression ParseGetField(RawValue value, ExpressionScope scope)
    {
        var named = value.IsDocument && !value.Field("field"u8).IsMissing;
        var input = named ? value.Field("input"u8) : default;
        if (input.IsMissing)
        {
            scope.NeedAll();
        }
        return new(ObjectOperators.GetField,
            [FieldName("$getField", named ? value.Field("field"u8) : value, scope),
                input.IsMissing ? new RootExpression() : Expression.Parse(input, scope)]);
    }

    private static OperatorExpression ParseSetField(string name, RawValue value, ExpressionScope scope) => new(ObjectOperators.SetField,
    [
        FieldName(name, Required(name, value, "field"u8), scope),
        Expression.Parse(Required(name, value, "input"u8), scope),
        name == "$setField" ? Expression.Parse(Required(name, value, "value"u8), scope) : Nothing.Instance,
    ]);

    /// <summary>The name of a field may hold dots and, written as <c>$literal</c>, a dollar sign.</summary>
    private static Expression FieldName(string name, RawValue value, ExpressionScope scope)
    {
        var parsed = Expression.Parse(value, scope);
        return parsed is Constant { Value.Type: BsonType.String }
            ? parsed
            : throw new CommandException(5654602, $"{name} requires 'field' to evaluate to a constant String");
    }

    private static string As(RawValue value)
    {
        var name = value.Field("as"u8);
        if (name.IsMissing)
        {
            return "this";
        }
        return name.IsString ? VariableName(name.Utf8) : throw new CommandException(ErrorCode.FailedToParse, "'as' must be a string");
    }

    private static string VariableName(ReadOnlySpan<byte> utf8)
    {
        var name = Encoding.UTF8.GetString(utf8);
        if (name.Length == 0 || !(char.IsAsciiLetterLower(name[0]) || name[0] > 127))
        {
            throw new CommandException(16867, $"'{name}' starts with an invalid character for a user variable name");
        }
        return name;
    }

    private static RawValue Required(string name, RawValue value, ReadOnlySpan<byte> argument)
    {
        if (!value.IsDocument)
        {
            throw new CommandException(ErrorCode.FailedToParse, $"{name} only supports an object as its argument");
        }
        var found = value.Field(argument);
        return found.IsMissing
            ? throw new CommandException(ErrorCode.FailedToParse, $"Missing '{Encoding.UTF8.GetString(argument)}' parameter to {name}")
            : found;
    }
}

/// <summary><c>$let</c>.</summary>
internal sealed class LetExpression(IReadOnlyList<(int Number, Expression Value)> variables, Expression inner) : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope)
    {
        foreach (var (number, value) in variables)
        {
            scope.SetVariable(number, value.Evaluate(root, scope));
        }
        return inner.Evaluate(root, scope);
    }
}

/// <summary><c>$map</c>.</summary>
internal sealed class MapExpression(Expression input, int number, Expression inner) : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope)
    {
        var array = input.Evaluate(root, scope);
        if (array.IsNullish)
        {
            return RawValue.Null;
        }
        if (!array.IsArray)
        {
            throw new CommandException(16883, $"input to $map must be an array not {TypeName.Of(array.Type)}");
        }
        var start = scope.Scratch.BeginDocument();
        var elements = new Elements(array.Bytes);
        for (var i = 0; elements.MoveNext(); i++)
        {
            scope.SetVariable(number, elements.Value);
            var item = inner.Evaluate(root, scope);
            scope.Scratch.WriteItem(i, item.IsMissing ? RawValue.Null : item);
        }
        return scope.Finish(BsonType.Array, start);
    }
}

/// <summary><c>$filter</c>.</summary>
internal sealed class FilterExpression(Expression input, int number, Expression condition, Expression limit) : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope)
    {
        var array = input.Evaluate(root, scope);
        if (array.IsNullish)
        {
            return RawValue.Null;
        }
        if (!array.IsArray)
        {
            throw new CommandException(28651, $"input to $filter must be an array not {TypeName.Of(array.Type)}");
        }
        var most = long.MaxValue;
        var given = limit.Evaluate(root, scope);
        if (!given.IsNullish && (!given.IsNumber || !Number.From(given).TryGetInt64(out most) || most < 1))
        {
            throw new CommandException(327392, "$filter: limit must be greater than 0");
        }
        var start = scope.Scratch.BeginDocument();
        var elements = new Elements(array.Bytes);
        for (var count = 0; count < most && elements.MoveNext();)
        {
            scope.SetVariable(number, elements.Value);
            if (condition.Evaluate(root, scope).IsTruthy)
            {
                scope.Scratch.WriteItem(count++, elements.Value);
            }
        }
        return scope.Finish(BsonType.Array, start);
    }
}

/// <summary><c>$reduce</c>.</summary>
internal sealed class ReduceExpression(Expression input, Expression initial, int element, int sofar, Expression inner) : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope)
    {
        var array = input.Evaluate(root, scope);
        if (array.IsNullish)
        {
            return RawValue.Null;
        }
        if (!array.IsArray)
        {
            throw new CommandException(40080, $"$reduce requires that 'input' be an array, found: {TypeName.Of(array.Type)}");
        }
        scope.SetVariable(sofar, initial.Evaluate(root, scope));
        var elements = new Elements(array.Bytes);
        while (elements.MoveNext())
        {
            scope.SetVariable(element, elements.Value);
            scope.SetVariable(sofar, inner.Evaluate(root, scope));
        }
        return scope.Variable(sofar);
    }
}

/// <summary><c>$sortArray</c>: by the elements themselves, or by fields of elements that are documents.</summary>
internal sealed class SortArrayExpression(Expression input, Sort? by, int direction) : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope)
    {
        var array = input.Evaluate(root, scope);
        if (array.IsNullish)
        {
            return RawValue.Null;
        }
        if (!array.IsArray)
        {
            throw new CommandException(2942504, $"The input argument to $sortArray must be an array, but was of type: {TypeName.Of(array.Type)}");
        }
        var items = new List<StoredValue>();
        var elements = new Elements(array.Bytes);
        while (elements.MoveNext())
        {
            items.Add(StoredValue.Copy(elements.Value));
        }
        var order = Comparer<StoredValue>.Create((a, b) => by is null
            ? ValueOrder.Compare(a.Raw, b.Raw) * direction
            : by.Compare(a.Type == BsonType.Document ? a.Raw.Bytes : EmptyDocument, b.Type == BsonType.Document ? b.Raw.Bytes : EmptyDocument));
        var start = scope.Scratch.BeginDocument();
        var i = 0;
        foreach (var item in items.OrderBy(item => item, order))
        {
            scope.Scratch.WriteItem(i++, item.Raw);
        }
        return scope.Finish(BsonType.Array, start);
    }
}
