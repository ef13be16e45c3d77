using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The stages of an aggregation.</summary>
public abstract class PipelineDefinition<TInput, TOutput>
{
    private protected PipelineDefinition() { }

    /// <summary>The stages, one document each.</summary>
    public static PipelineDefinition<TInput, TOutput> Create(params BsonDocument[] stages) => Create((IEnumerable<BsonDocument>)stages);

    /// <summary>The stages, one document each.</summary>
    public static PipelineDefinition<TInput, TOutput> Create(IEnumerable<BsonDocument> stages) => new Rendered([.. stages]);

    internal abstract IReadOnlyList<BsonDocument> Render();

    public static implicit operator PipelineDefinition<TInput, TOutput>(BsonDocument[] stages) => Create(stages);

    public static implicit operator PipelineDefinition<TInput, TOutput>(List<BsonDocument> stages) => Create(stages);

    private sealed class Rendered(BsonDocument[] stages) : PipelineDefinition<TInput, TOutput>
    {
        internal override IReadOnlyList<BsonDocument> Render() => stages;
    }
}

/// <summary>The input of a pipeline that reads from no collection.</summary>
public sealed class NoPipelineInput
{
    private NoPipelineInput() { }
}
