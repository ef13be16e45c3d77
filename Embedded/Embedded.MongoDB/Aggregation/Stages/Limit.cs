using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$limit</c>: says when it is enough, so that nothing more is read.</summary>
internal sealed class Limit(long count) : Stage
{
    public long Count => count;

    public override FieldUse Uses => FieldUse.None;

    public static Limit Parse(RawValue spec)
    {
        if (!spec.IsNumber)
        {
            throw new CommandException(15957, "the limit must be specified as a number");
        }
        if (!Number.From(spec).TryGetInt64(out var count))
        {
            throw new CommandException(5107201, $"invalid argument to $limit stage: Expected an integer: $limit: {Number.From(spec)}");
        }
        return count > 0 ? new(count) : throw new CommandException(15958, "the limit must be positive");
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(count, next);

    private sealed class Run(long left, StageRun next) : StageRun
    {
        private long _left = left;

        public override bool Accept(ReadOnlySpan<byte> document) => _left > 0 && next.Accept(document) & --_left > 0;

        public override void Finish() => next.Finish();
    }
}
