using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions;

/// <summary>Something that has a value for each document: a constant, a path such as <c>"$a.b"</c>, an operator on other expressions.</summary>
/// <remarks>Start reading at <see cref="ExpressionParser"/>; the operators are rows of <see cref="ExpressionTable"/>.</remarks>
internal abstract class Expression
{
    /// <param name="root">The document, which <paramref name="scope"/> has begun with.</param>
    /// <param name="scope">Fields, variables and room.</param>
    /// <returns>The value; missing where there is none, which is not the same as null.</returns>
    public abstract RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope);

    /// <summary>Whether the value is the same for every document.</summary>
    public virtual bool IsConstant => false;

    /// <exception cref="CommandException">168, 15983, 16020, 17276 and others: the specification is no expression.</exception>
    public static Expression Parse(RawValue spec, ExpressionScope scope) => ExpressionParser.Parse(spec, scope);

    /// <summary>The value of an expression that needs no document, such as those of <c>let</c>.</summary>
    public static StoredValue EvaluateConstant(RawValue spec, Variables variables)
    {
        var scope = new ExpressionScope(variables);
        var expression = Parse(spec, scope);
        var evaluation = new Evaluation(scope);
        evaluation.Begin(EmptyDocument);
        return StoredValue.Copy(expression.Evaluate(EmptyDocument, evaluation));
    }

    public static ReadOnlySpan<byte> EmptyDocument => [5, 0, 0, 0, 0];
}

/// <summary>The same value for every document.</summary>
internal sealed class Constant(StoredValue value) : Expression
{
    public StoredValue Value => value;

    public override bool IsConstant => true;

    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope) => value.Raw;
}

/// <summary><c>$$REMOVE</c>, and what an optional argument is when it is left out.</summary>
internal sealed class Nothing : Expression
{
    public static Nothing Instance { get; } = new();

    public override bool IsConstant => true;

    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope) => RawValue.Missing;
}

/// <summary>A path from the document: <c>"$a.b"</c>.</summary>
internal sealed class FieldExpression(int slot, byte[][] rest) : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope) => PathOf.Follow(scope.Field(root, slot), rest, scope);
}

/// <summary><c>$$ROOT</c>, and paths from it that were written so.</summary>
internal sealed class RootExpression : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope) => RawValue.Document(root);
}

/// <summary>A variable of <c>$let</c>, <c>$map</c> and their like, or a path from it: <c>"$$this.price"</c>.</summary>
internal sealed class VariableExpression(int number, byte[][] rest) : Expression
{
    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope) => PathOf.Follow(scope.Variable(number), rest, scope);
}

/// <summary>A path from a value that is always the same.</summary>
internal sealed class ConstantPathExpression(StoredValue value, byte[][] rest) : Expression
{
    public override bool IsConstant => true;

    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope) => PathOf.Follow(value.Raw, rest, scope);
}

/// <summary>A document whose fields are expressions; a missing value leaves its field out.</summary>
internal sealed class ObjectExpression(IEnumerable<(byte[] Name, Expression Value)> fields) : Expression
{
    private readonly (byte[] Name, Expression Value)[] _fields = [.. fields];

    public override bool IsConstant => _fields.All(pair => pair.Value.IsConstant);

    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope)
    {
        var start = scope.Scratch.BeginDocument();
        foreach (var (name, expression) in _fields)
        {
            scope.Scratch.WriteElement(name, expression.Evaluate(root, scope));
        }
        return scope.Finish(BsonType.Document, start);
    }
}

/// <summary>An array whose elements are expressions; a missing value becomes null, so the others keep their places.</summary>
internal sealed class ArrayExpression(IReadOnlyList<Expression> items) : Expression
{
    public override bool IsConstant => items.All(item => item.IsConstant);

    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope)
    {
        var start = scope.Scratch.BeginDocument();
        for (var i = 0; i < items.Count; i++)
        {
            var value = items[i].Evaluate(root, scope);
            scope.Scratch.WriteItem(i, value.IsMissing ? RawValue.Null : value);
        }
        return scope.Finish(BsonType.Array, start);
    }
}

/// <summary>An operator of the table, applied.</summary>
internal sealed class OperatorExpression(Operator table, Expression[] arguments) : Expression
{
    public override bool IsConstant => table.IsPure && arguments.All(argument => argument.IsConstant);

    public override RawValue Evaluate(ReadOnlySpan<byte> root, Evaluation scope) => table.Apply(arguments, root, scope);
}

internal static class PathOf
{
    /// <summary>Follows field names into a value. An array on the way is mapped: <c>$a.b</c> over <c>[{b: 1}, {b: 2}]</c> is <c>[1, 2]</c>.</summary>
    public static RawValue Follow(RawValue value, ReadOnlySpan<byte[]> rest, Evaluation scope)
    {
        for (var i = 0; i < rest.Length; i++)
        {
            if (value.IsArray)
            {
                var start = scope.Scratch.BeginDocument();
                var count = 0;
                var elements = new Elements(value.Bytes);
                while (elements.MoveNext())
                {
                    if (elements.Type is not (BsonType.Document or BsonType.Array))
                    {
                        continue;
                    }
                    var item = Follow(elements.Value, rest[i..], scope);
                    if (!item.IsMissing)
                    {
                        scope.Scratch.WriteItem(count++, item);
                    }
                }
                return scope.Finish(BsonType.Array, start);
            }
            value = value.Field(rest[i]);
        }
        return value;
    }
}
