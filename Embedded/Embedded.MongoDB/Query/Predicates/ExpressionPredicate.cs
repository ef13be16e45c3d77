namespace Embedded.MongoDB.Query.Predicates;

internal sealed class ExpressionPredicate : Predicate
{
    public ExpressionPredicate(RawValue spec, Variables variables) => throw Errors.BadValue("$expr is not supported yet");
    public override bool Matches(ReadOnlySpan<byte> document, ref int position) => false;
    public override FieldUse Uses => FieldUse.All;
}
