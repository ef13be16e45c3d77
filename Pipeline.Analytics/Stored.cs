using MongoDB.Bson;
using MongoDB.Driver;

namespace Pipeline.Analytics;

/// <summary>Where DbConsumer puts documents; the names are part of the pipeline's contract with its users' own queries.</summary>
internal static class Stored
{
    /// <summary>The connection string that leads there.</summary>
    public const string ConnectionName = "image-database";

    public const string Database = "image_database";

    public const string Collection = "image_data";

    /// <summary>The collection in the database that the connection string names.</summary>
    public static IMongoCollection<BsonDocument> CollectionOf(IServiceProvider services)
    {
        var database = services.GetService<IMongoDatabase>() ?? services.GetRequiredService<IMongoClient>().GetDatabase(Database);
        return database.GetCollection<BsonDocument>(Collection);
    }
}
