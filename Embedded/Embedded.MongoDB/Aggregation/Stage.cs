using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation;

/// <summary>One stage of a pipeline as it was specified; it is started anew for each run.</summary>
internal abstract class Stage
{
    /// <summary>The fields of its input that it looks at itself.</summary>
    public abstract FieldUse Uses { get; }

    /// <summary>Whether nothing of its input reaches its output except what <see cref="Uses"/> names.</summary>
    public virtual bool IsClosed => false;

    /// <param name="next">Where its output goes.</param>
    /// <param name="context">What it may ask of the store.</param>
    public abstract StageRun Start(StageRun next, IPipelineContext context);
}

/// <summary>A stage at work: documents come in one by one, and go on to the next.</summary>
internal abstract class StageRun
{
    /// <summary>Takes a document, whose bytes are only good until this returns.</summary>
    /// <returns>False when it needs no more: the caller may stop reading.</returns>
    public abstract bool Accept(ReadOnlySpan<byte> document);

    /// <summary>There are no more documents. What was kept back goes on now.</summary>
    public abstract void Finish();
}

/// <summary>What stages need of the store.</summary>
internal interface IPipelineContext
{
    /// <summary>All documents of a collection of the pipeline's database; of a missing one, none.</summary>
    IEnumerable<ReadOnlyMemory<byte>> Read(string collection);
}

/// <summary>For pipelines that have no store, such as those of updates.</summary>
internal sealed class NoContext : IPipelineContext
{
    public static NoContext Instance { get; } = new();

    public IEnumerable<ReadOnlyMemory<byte>> Read(string collection) =>
        throw new CommandException(ErrorCode.BadValue, "this pipeline cannot read a collection");
}
