using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>What changes: operators such as <c>$set</c>, or a pipeline.</summary>
public abstract class UpdateDefinition<TDocument>
{
    private protected UpdateDefinition() { }

    internal abstract BsonValue Render();

    public static implicit operator UpdateDefinition<TDocument>(BsonDocument document) => Of(document);

    public static implicit operator UpdateDefinition<TDocument>(string json) => Of(BsonDocument.Parse(json));

    public static implicit operator UpdateDefinition<TDocument>(PipelineDefinition<TDocument, TDocument> pipeline) => Of(new BsonArray(pipeline.Render()));

    internal static UpdateDefinition<TDocument> Of(BsonValue update) => new RenderedUpdate(update);

    private sealed class RenderedUpdate(BsonValue update) : UpdateDefinition<TDocument>
    {
        internal override BsonValue Render() => update;
    }
}
