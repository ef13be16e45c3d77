using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Stages whose results are plain documents.</summary>
public static class IAggregateFluentExtensions
{
    public static IAggregateFluent<BsonDocument> Group<TResult>(this IAggregateFluent<TResult> aggregate, ProjectionDefinition<TResult, BsonDocument> group) =>
        aggregate.Group<BsonDocument>(group);

    public static IAggregateFluent<BsonDocument> Project<TResult>(this IAggregateFluent<TResult> aggregate, ProjectionDefinition<TResult, BsonDocument> projection) =>
        aggregate.Project<BsonDocument>(projection);

    /// <summary>One document for each element of an array.</summary>
    public static IAggregateFluent<BsonDocument> Unwind<TResult>(this IAggregateFluent<TResult> aggregate, FieldDefinition<TResult> field) =>
        aggregate.AppendStage<BsonDocument>(new BsonDocument("$unwind", "$" + field.Path));
}
