using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query.Predicates;

/// <summary><c>$expr</c>: an expression, with its own rules of comparing, is true of the document.</summary>
internal sealed class ExpressionPredicate : Predicate
{
    private readonly ExpressionScope _scope;
    private readonly Expression _expression;
    private Evaluation? _spare;

    public ExpressionPredicate(RawValue spec, Variables variables)
    {
        _scope = new ExpressionScope(variables);
        _expression = Expression.Parse(spec, _scope);
    }

    public override FieldUse Uses => _scope.Uses;

    public override bool Matches(ReadOnlySpan<byte> document, ref int position)
    {
        // A filter is asked from several threads; whoever comes second makes room of their own.
        var evaluation = Interlocked.Exchange(ref _spare, null) ?? new Evaluation(_scope);
        evaluation.Begin(document);
        var matches = _expression.Evaluate(document, evaluation).IsTruthy;
        _spare = evaluation;
        return matches;
    }
}
