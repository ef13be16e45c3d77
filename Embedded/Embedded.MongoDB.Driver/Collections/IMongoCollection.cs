namespace MongoDB.Driver;

/// <summary>A collection of documents.</summary>
public interface IMongoCollection<TDocument>
{
    CollectionNamespace CollectionNamespace { get; }

    IMongoDatabase Database { get; }

    IMongoIndexManager<TDocument> Indexes { get; }

    MongoCollectionSettings Settings { get; }

    Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(
        PipelineDefinition<TDocument, TResult> pipeline, AggregateOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Many writes in few messages.</summary>
    /// <exception cref="MongoBulkWriteException{TDocument}">The server refused some of them.</exception>
    Task<BulkWriteResult<TDocument>> BulkWriteAsync(
        IEnumerable<WriteModel<TDocument>> requests, BulkWriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Counts what matches, exactly.</summary>
    Task<long> CountDocumentsAsync(FilterDefinition<TDocument> filter, CountOptions? options = null, CancellationToken cancellationToken = default);

    Task<DeleteResult> DeleteManyAsync(FilterDefinition<TDocument> filter, CancellationToken cancellationToken = default);

    Task<DeleteResult> DeleteManyAsync(FilterDefinition<TDocument> filter, DeleteOptions options, CancellationToken cancellationToken = default);

    Task<DeleteResult> DeleteOneAsync(FilterDefinition<TDocument> filter, CancellationToken cancellationToken = default);

    Task<DeleteResult> DeleteOneAsync(FilterDefinition<TDocument> filter, DeleteOptions options, CancellationToken cancellationToken = default);

    /// <summary>The different values of a field.</summary>
    Task<IAsyncCursor<TField>> DistinctAsync<TField>(
        FieldDefinition<TDocument, TField> field, FilterDefinition<TDocument> filter, DistinctOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The number of documents as the server keeps it, without looking at them.</summary>
    Task<long> EstimatedDocumentCountAsync(EstimatedDocumentCountOptions? options = null, CancellationToken cancellationToken = default);

    Task<IAsyncCursor<TProjection>> FindAsync<TProjection>(
        FilterDefinition<TDocument> filter, FindOptions<TDocument, TProjection>? options = null, CancellationToken cancellationToken = default);

    /// <returns>The document, or null if none matched.</returns>
    Task<TProjection> FindOneAndDeleteAsync<TProjection>(
        FilterDefinition<TDocument> filter, FindOneAndDeleteOptions<TDocument, TProjection>? options = null, CancellationToken cancellationToken = default);

    /// <returns>The document before or after, or null if there is none.</returns>
    Task<TProjection> FindOneAndReplaceAsync<TProjection>(
        FilterDefinition<TDocument> filter, TDocument replacement, FindOneAndReplaceOptions<TDocument, TProjection>? options = null,
        CancellationToken cancellationToken = default);

    /// <returns>The document before or after, or null if there is none.</returns>
    Task<TProjection> FindOneAndUpdateAsync<TProjection>(
        FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update, FindOneAndUpdateOptions<TDocument, TProjection>? options = null,
        CancellationToken cancellationToken = default);

    /// <exception cref="MongoBulkWriteException{TDocument}">The server refused some of them.</exception>
    Task InsertManyAsync(IEnumerable<TDocument> documents, InsertManyOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Inserts a document; it gets an <c>_id</c> if it has none.</summary>
    /// <exception cref="MongoWriteException">The server refused it.</exception>
    Task InsertOneAsync(TDocument document, InsertOneOptions? options = null, CancellationToken cancellationToken = default);

    /// <exception cref="MongoWriteException">The server refused it.</exception>
    Task<ReplaceOneResult> ReplaceOneAsync(
        FilterDefinition<TDocument> filter, TDocument replacement, ReplaceOptions? options = null, CancellationToken cancellationToken = default);

    /// <exception cref="MongoWriteException">The server refused it.</exception>
    Task<UpdateResult> UpdateManyAsync(
        FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update, UpdateOptions? options = null, CancellationToken cancellationToken = default);

    /// <exception cref="MongoWriteException">The server refused it.</exception>
    Task<UpdateResult> UpdateOneAsync(
        FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update, UpdateOptions? options = null, CancellationToken cancellationToken = default);

    IMongoCollection<TDocument> WithReadConcern(ReadConcern readConcern);

    IMongoCollection<TDocument> WithReadPreference(ReadPreference readPreference);

    IMongoCollection<TDocument> WithWriteConcern(WriteConcern writeConcern);
}
