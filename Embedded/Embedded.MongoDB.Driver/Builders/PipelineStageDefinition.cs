using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>One stage of an aggregation.</summary>
public abstract class PipelineStageDefinition<TInput, TOutput>
{
    private protected PipelineStageDefinition() { }

    internal abstract BsonDocument Render();

    public static implicit operator PipelineStageDefinition<TInput, TOutput>(BsonDocument document) =>
        new Rendered(document ?? throw new ArgumentNullException(nameof(document)));

    public static implicit operator PipelineStageDefinition<TInput, TOutput>(string json) => new Rendered(BsonDocument.Parse(json));

    private sealed class Rendered(BsonDocument document) : PipelineStageDefinition<TInput, TOutput>
    {
        internal override BsonDocument Render() => document;
    }
}
