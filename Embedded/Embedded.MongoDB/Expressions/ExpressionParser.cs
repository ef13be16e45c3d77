using System.Text;
using Embedded.MongoDB.Expressions.Operators;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions;

/// <summary>Turns <c>{$add: ["$a", 1]}</c> into expressions. Whatever is wrong with one shows here, before any document is read.</summary>
internal static class ExpressionParser
{
    public static Expression Parse(RawValue spec, ExpressionScope scope)
    {
        var parsed = spec.Type switch
        {
            BsonType.String when spec.Utf8 is [(byte)'$', ..] => ParsePath(spec.Text, scope),
            BsonType.Document => ParseDocument(spec.Bytes, scope),
            BsonType.Array => new ArrayExpression(ParseList(spec.Bytes, scope)),
            _ => new Constant(StoredValue.Copy(spec)),
        };
        return parsed is not Constant && parsed is not Nothing && parsed.IsConstant ? Fold(parsed) : parsed;
    }

    /// <summary>A constant expression is computed once, here.</summary>
    private static Constant Fold(Expression expression)
    {
        var evaluation = new Evaluation(new ExpressionScope(Variables.None));
        evaluation.Begin(Expression.EmptyDocument);
        return new(StoredValue.Copy(expression.Evaluate(Expression.EmptyDocument, evaluation)));
    }

    private static Expression ParsePath(string text, ExpressionScope scope)
    {
        if (text.StartsWith("$$", StringComparison.Ordinal))
        {
            return ParseVariable(text[2..], scope);
        }
        if (text.Length == 1)
        {
            throw new CommandException(16872, "'$' by itself is not a valid FieldPath");
        }
        var parts = Parts(text[1..]);
        return new FieldExpression(scope.SlotOf(parts), Encoded(parts[1..]));
    }

    private static Expression ParseVariable(string path, ExpressionScope scope)
    {
        if (path.Length == 0)
        {
            throw new CommandException(16872, "empty variable names are not allowed");
        }
        var parts = path.Split('.');
        if (parts.Length > 1)
        {
            _ = Parts(path);
        }
        var rest = Encoded(parts[1..]);
        if (scope.Find(parts[0]) is >= 0 and var number)
        {
            return new VariableExpression(number, rest);
        }
        switch (parts[0])
        {
            case "ROOT" or "CURRENT" when rest.Length > 0:
                return new FieldExpression(scope.SlotOf(parts.AsSpan(1)), rest[1..]);
            case "ROOT" or "CURRENT":
                scope.NeedAll();
                return new RootExpression();
            case "REMOVE":
                return Nothing.Instance;
            case "NOW":
                return new Constant(DateValue(scope.Variables.Now));
            case "CLUSTER_TIME":
                throw new CommandException(51144, "Builtin variable '$$CLUSTER_TIME' is not available");
        }
        if (scope.Variables.Values.TryGetValue(parts[0], out var value))
        {
            return new ConstantPathExpression(value, rest);
        }
        throw new CommandException(17276, $"Use of undefined variable: {parts[0]}");
    }

    private static StoredValue DateValue(DateTimeOffset date) => new(BsonType.DateTime, BitConverter.GetBytes(date.ToUnixTimeMilliseconds()));

    private static Expression ParseDocument(ReadOnlySpan<byte> spec, ExpressionScope scope)
    {
        var fields = new List<(byte[], Expression)>();
        var elements = new Elements(spec);
        while (elements.MoveNext())
        {
            var name = Encoding.UTF8.GetString(elements.Name);
            if (name.StartsWith('$'))
            {
                if (fields.Count > 0 || elements.End != spec.Length - 1)
                {
                    throw new CommandException(15983,
                        $"an expression specification must contain exactly one field, the name of the expression; found '{name}' beside others");
                }
                return ParseOperator(name, elements.Value, scope);
            }
            if (name.Contains('.'))
            {
                throw new CommandException(16412, $"FieldPath field names may not contain '.'. Consider using $getField or $setField: {name}");
            }
            if (name.Length == 0)
            {
                throw new CommandException(15998, "FieldPath field names may not be empty strings.");
            }
            fields.Add((elements.Name.ToArray(), Parse(elements.Value, scope)));
        }
        return new ObjectExpression(fields);
    }

    private static Expression ParseOperator(string name, RawValue value, ExpressionScope scope)
    {
        if (BindingOperators.TryParse(name, value, scope) is { } binding)
        {
            return binding;
        }
        if (!ExpressionTable.All.TryGetValue(name, out var row))
        {
            throw new CommandException(ErrorCode.InvalidPipelineOperator, $"Unrecognized expression '{name}'");
        }
        if (row.Names is not null && !(row.TakesBare && (!value.IsDocument || IsOperator(value))))
        {
            return new OperatorExpression(row, ParseNamed(row, value, scope));
        }

        // Some take their only required argument bare, too: {$year: "$at"} as well as {$year: {date: "$at"}}.
        var arguments = value.IsArray ? ParseList(value.Bytes, scope) : [Parse(value, scope)];
        var most = row.Names is null ? row.Most : 1;
        if (arguments.Length < row.Least || arguments.Length > most)
        {
            var takes = row.Least == most ? $"exactly {row.Least}" : most == int.MaxValue ? $"at least {row.Least}" : $"at least {row.Least} and at most {most}";
            throw new CommandException(16020, $"Expression {name} takes {takes} arguments. {arguments.Length} were passed in.");
        }
        if (row.Names is not null)
        {
            arguments = [.. arguments, .. Enumerable.Repeat<Expression>(Nothing.Instance, row.Most - arguments.Length)];
        }
        return new OperatorExpression(row, arguments);
    }

    private static bool IsOperator(RawValue value)
    {
        var elements = new Elements(value.Bytes);
        return elements.MoveNext() && elements.Name is [(byte)'$', ..];
    }

    /// <summary>Arguments given by name, put in the order of the table; one that is left out is missing.</summary>
    internal static Expression[] ParseNamed(Operator row, RawValue value, ExpressionScope scope)
    {
        if (!value.IsDocument)
        {
            throw new CommandException(ErrorCode.FailedToParse, $"{row.Name} requires an object as its argument, found: {TypeName.Of(value.Type)}");
        }
        var arguments = new Expression[row.Names!.Length];
        Array.Fill(arguments, Nothing.Instance);
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            var name = Encoding.UTF8.GetString(elements.Name);
            var at = Array.IndexOf(row.Names, name);
            if (at < 0)
            {
                throw new CommandException(ErrorCode.FailedToParse, $"{row.Name} found an unknown argument: {name}");
            }
            arguments[at] = Parse(elements.Value, scope);
        }
        for (var i = 0; i < row.Least; i++)
        {
            if (value.Field(Encoding.UTF8.GetBytes(row.Names[i])).IsMissing)
            {
                throw new CommandException(ErrorCode.FailedToParse, $"{row.Name} requires '{row.Names[i]}' to be specified");
            }
        }
        return arguments;
    }

    private static Expression[] ParseList(ReadOnlySpan<byte> array, ExpressionScope scope)
    {
        var items = new List<Expression>();
        var elements = new Elements(array);
        while (elements.MoveNext())
        {
            items.Add(Parse(elements.Value, scope));
        }
        return [.. items];
    }

    internal static string[] Parts(string path)
    {
        if (path.Length == 0)
        {
            throw new CommandException(40352, "FieldPath cannot be constructed with empty string");
        }
        if (path.EndsWith('.'))
        {
            throw new CommandException(40353, "FieldPath must not end with a '.'.");
        }
        var parts = path.Split('.');
        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                throw new CommandException(15998, "FieldPath field names may not be empty strings.");
            }
            if (part[0] == '$')
            {
                throw new CommandException(16410, $"FieldPath field names may not start with '$'. Consider using $getField or $setField: {part}");
            }
        }
        return parts;
    }

    private static byte[][] Encoded(string[] parts) => Array.ConvertAll(parts, Encoding.UTF8.GetBytes);
}
