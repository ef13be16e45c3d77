using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$match</c>.</summary>
internal sealed class Match(Filter filter) : Stage
{
    public Filter Filter => filter;

    public override FieldUse Uses => filter.Uses;

    public static Match Parse(RawValue spec, Variables variables) => spec.IsDocument
        ? new(Filter.Parse(spec.Bytes, variables))
        : throw new CommandException(15959, "the match filter must be an expression in an object");

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(filter, next);

    private sealed class Run(Filter filter, StageRun next) : StageRun
    {
        public override bool Accept(ReadOnlySpan<byte> document) => !filter.Matches(document) || next.Accept(document);

        public override void Finish() => next.Finish();
    }
}
