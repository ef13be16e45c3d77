using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;

namespace Pipeline.DbConsumer;

/// <summary>The collection of images.</summary>
internal static class StoredImagesExtensions
{
    /// <summary>The same collection, for who reads or writes documents without their class map.</summary>
    public static IMongoCollection<BsonDocument> Untyped(this IMongoCollection<StoredImage> images) =>
        images.Database.GetCollection<BsonDocument>(images.CollectionNamespace.CollectionName);
}
