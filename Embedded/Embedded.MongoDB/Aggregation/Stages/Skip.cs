using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$skip</c>.</summary>
internal sealed class Skip(long count) : Stage
{
    public long Count => count;

    public override FieldUse Uses => FieldUse.None;

    public static Skip Parse(RawValue spec) => spec.IsNumber && Number.From(spec).TryGetInt64(out var count) && count >= 0
        ? new(count)
        : throw new CommandException(5107200, "invalid argument to $skip stage: Expected a non-negative integer");

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(count, next);

    private sealed class Run(long left, StageRun next) : StageRun
    {
        private long _left = left;

        public override bool Accept(ReadOnlySpan<byte> document)
        {
            if (_left == 0)
            {
                return next.Accept(document);
            }
            _left--;
            return true;
        }

        public override void Finish() => next.Finish();
    }
}
