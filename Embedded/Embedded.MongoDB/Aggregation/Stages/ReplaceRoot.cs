using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$replaceRoot</c> and <c>$replaceWith</c>: a document inside takes the place of the whole.</summary>
internal sealed class ReplaceRoot(Expression root, ExpressionScope scope) : Stage
{
    public override FieldUse Uses => scope.Uses;

    public override bool IsClosed => true;

    public static ReplaceRoot Parse(RawValue spec, Variables variables)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(40229, "expected an object as specification for $replaceRoot stage");
        }
        var inner = spec.Field("newRoot"u8);
        if (Elements.Count(spec.Bytes) > (inner.IsMissing ? 0 : 1))
        {
            throw new CommandException(40415, "BSON field '$replaceRoot' has an unknown field beside 'newRoot'");
        }
        return inner.IsMissing
            ? throw new CommandException(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field")
            : ParseWith(inner, variables);
    }

    public static ReplaceRoot ParseWith(RawValue spec, Variables variables)
    {
        var scope = new ExpressionScope(variables);
        return new(Expression.Parse(spec, scope), scope);
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(root, new Evaluation(scope), next);

    private sealed class Run(Expression root, Evaluation evaluation, StageRun next) : StageRun
    {
        public override bool Accept(ReadOnlySpan<byte> document)
        {
            evaluation.Begin(document);
            var value = root.Evaluate(document, evaluation);
            return value.IsDocument
                ? next.Accept(value.Bytes)
                : throw new CommandException(
                    40228, $"'newRoot' expression must evaluate to an object, but resulting value was of type: {TypeName.Of(value.Type)}");
        }

        public override void Finish() => next.Finish();
    }
}
