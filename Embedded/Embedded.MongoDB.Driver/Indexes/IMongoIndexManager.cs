using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The indexes of a collection.</summary>
public interface IMongoIndexManager<TDocument>
{
    CollectionNamespace CollectionNamespace { get; }

    MongoCollectionSettings Settings { get; }

    /// <returns>The names.</returns>
    Task<IEnumerable<string>> CreateManyAsync(IEnumerable<CreateIndexModel<TDocument>> models, CancellationToken cancellationToken = default);

    /// <summary>Creates an index; nothing happens if it is there already.</summary>
    /// <returns>Its name.</returns>
    Task<string> CreateOneAsync(CreateIndexModel<TDocument> model, CreateOneIndexOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Drops all but the one of <c>_id</c>.</summary>
    Task DropAllAsync(CancellationToken cancellationToken = default);

    Task DropOneAsync(string name, CancellationToken cancellationToken = default);

    Task<IAsyncCursor<BsonDocument>> ListAsync(CancellationToken cancellationToken = default);
}
