using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$sample</c>: so many documents, each as likely as any other.</summary>
internal sealed class Sample(int size) : Stage
{
    public override FieldUse Uses => FieldUse.None;

    public static Sample Parse(RawValue spec)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(28745, "the $sample stage specification must be an object");
        }
        var size = spec.Field("size"u8);
        if (!size.IsNumber)
        {
            throw new CommandException(28746, "size argument to $sample must be a number");
        }
        return Number.From(size).TryTruncate(out var count) && count is > 0 and <= int.MaxValue
            ? new((int)count)
            : throw new CommandException(28747, "size argument to $sample must be a positive integer");
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(size, next);

    private sealed class Run(int size, StageRun next) : StageRun
    {
        private readonly List<byte[]> _chosen = [];
        private long _seen;

        public override bool Accept(ReadOnlySpan<byte> document)
        {
            _seen++;
            if (_chosen.Count < size)
            {
                _chosen.Add(document.ToArray());
                return true;
            }
            var place = Random.Shared.NextInt64(_seen);
            if (place < size)
            {
                _chosen[(int)place] = document.ToArray();
            }
            return true;
        }

        public override void Finish()
        {
            // The first ones were put in order; mixing makes also their places random.
            var chosen = _chosen.ToArray();
            Random.Shared.Shuffle(chosen);
            foreach (var document in chosen)
            {
                if (!next.Accept(document))
                {
                    break;
                }
            }
            next.Finish();
        }
    }
}
