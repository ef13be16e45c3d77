using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Builds updates.</summary>
public sealed class UpdateDefinitionBuilder<TDocument>
{
    public UpdateDefinition<TDocument> AddToSet<TItem>(FieldDefinition<TDocument> field, TItem value) => Op("$addToSet", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> AddToSetEach<TItem>(FieldDefinition<TDocument> field, IEnumerable<TItem> values) =>
        Op("$addToSet", field.Path, new BsonDocument("$each", Values(values)));

    public UpdateDefinition<TDocument> Combine(params UpdateDefinition<TDocument>[] updates) => Combine((IEnumerable<UpdateDefinition<TDocument>>)updates);

    /// <summary>All of them; of two that set the same field the later wins.</summary>
    public UpdateDefinition<TDocument> Combine(IEnumerable<UpdateDefinition<TDocument>> updates)
    {
        var combined = new BsonDocument();
        foreach (var update in updates)
        {
            if (update.Render() is not BsonDocument operators)
                throw new InvalidOperationException("An update that is a pipeline cannot be combined with another.");
            foreach (var element in operators)
            {
                if (!combined.TryGetValue(element.Name, out var fields))
                    combined.Add(element.Name, fields = new BsonDocument());
                ((BsonDocument)fields).Merge(element.Value.AsBsonDocument, overwriteExistingElements: true);
            }
        }
        return combined;
    }

    public UpdateDefinition<TDocument> CurrentDate(FieldDefinition<TDocument> field) => Op("$currentDate", field.Path, true);

    public UpdateDefinition<TDocument> Inc<TField>(FieldDefinition<TDocument, TField> field, TField value) => Op("$inc", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> Max<TField>(FieldDefinition<TDocument, TField> field, TField value) => Op("$max", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> Min<TField>(FieldDefinition<TDocument, TField> field, TField value) => Op("$min", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> Mul<TField>(FieldDefinition<TDocument, TField> field, TField value) => Op("$mul", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> Pipeline(PipelineDefinition<TDocument, TDocument> pipeline) => pipeline;

    public UpdateDefinition<TDocument> PopFirst(FieldDefinition<TDocument> field) => Op("$pop", field.Path, -1);

    public UpdateDefinition<TDocument> PopLast(FieldDefinition<TDocument> field) => Op("$pop", field.Path, 1);

    public UpdateDefinition<TDocument> Pull<TItem>(FieldDefinition<TDocument> field, TItem value) => Op("$pull", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> PullAll<TItem>(FieldDefinition<TDocument> field, IEnumerable<TItem> values) => Op("$pullAll", field.Path, Values(values));

    public UpdateDefinition<TDocument> PullFilter<TItem>(FieldDefinition<TDocument> field, FilterDefinition<TItem> filter) => Op("$pull", field.Path, filter.Render());

    public UpdateDefinition<TDocument> Push<TItem>(FieldDefinition<TDocument> field, TItem value) => Op("$push", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> PushEach<TItem>(
        FieldDefinition<TDocument> field, IEnumerable<TItem> values, int? slice = null, int? position = null, SortDefinition<TItem>? sort = null) =>
        Op("$push", field.Path, new BsonDocument("$each", Values(values))
            .Add("$slice", slice, slice is not null)
            .Add("$position", position, position is not null)
            .Add("$sort", () => sort!.Render(), sort is not null));

    public UpdateDefinition<TDocument> Rename(FieldDefinition<TDocument> field, string newName) => Op("$rename", field.Path, newName);

    public UpdateDefinition<TDocument> Set<TField>(FieldDefinition<TDocument, TField> field, TField value) => Op("$set", field.Path, BsonValue.Create(value));

    /// <summary>Sets the field only in a document that an upsert inserts.</summary>
    public UpdateDefinition<TDocument> SetOnInsert<TField>(FieldDefinition<TDocument, TField> field, TField value) =>
        Op("$setOnInsert", field.Path, BsonValue.Create(value));

    public UpdateDefinition<TDocument> Unset(FieldDefinition<TDocument> field) => Op("$unset", field.Path, 1);

    private static UpdateDefinition<TDocument> Op(string operation, string path, BsonValue operand) => new BsonDocument(operation, new BsonDocument(path, operand));

    private static BsonArray Values<T>(IEnumerable<T> values) => new(values.Select(value => BsonValue.Create(value)));
}
