using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$sort</c>, stable. Before a <c>$limit</c> it keeps only as many documents as can still come out.</summary>
internal sealed class SortStage(Sort sort) : Stage
{
    /// <summary>More than this is not sorted: there is no spilling to disk yet.</summary>
    private const long MaxBytes = 512L * 1024 * 1024;

    /// <summary>How many of the first documents are wanted; null for all.</summary>
    public long? Keep { get; set; }

    public override FieldUse Uses => sort.Uses;

    public static SortStage Parse(RawValue spec)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(15973, "the $sort key specification must be an object");
        }
        return Elements.IsEmpty(spec.Bytes)
            ? throw new CommandException(15976, "$sort stage must have at least one sort key")
            : new(Sort.Parse(spec.Bytes));
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(new SortedDocuments(sort, Keep, MaxBytes), next);

    private sealed class Run(SortedDocuments documents, StageRun next) : StageRun
    {
        public override bool Accept(ReadOnlySpan<byte> document)
        {
            documents.Add(document);
            return true;
        }

        public override void Finish()
        {
            foreach (var document in documents.Take())
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
