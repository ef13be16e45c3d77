using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>What writes. A single write is a bulk of one; only the exception differs.</summary>
internal sealed partial class MongoCollection<TDocument>
{
    public Task<BulkWriteResult<TDocument>> BulkWriteAsync(
        IEnumerable<WriteModel<TDocument>> requests, BulkWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        WriteModel<TDocument>[] models = [.. requests];
        if (models.Length == 0)
            throw new ArgumentException("A bulk needs at least one write.", nameof(requests));

        var kinds = models.Select(model => WriteStatements.KindOf(model?.ModelType ?? throw new ArgumentException("A write is null.", nameof(requests)))).Distinct().ToArray();
        return WriteAsync(kinds.Length == 1 ? kinds[0].CommandName : "bulkWrite", models, options ?? new(), cancellationToken);
    }

    public Task<DeleteResult> DeleteManyAsync(FilterDefinition<TDocument> filter, CancellationToken cancellationToken = default) =>
        DeleteManyAsync(filter, new(), cancellationToken);

    public Task<DeleteResult> DeleteManyAsync(FilterDefinition<TDocument> filter, DeleteOptions options, CancellationToken cancellationToken = default) =>
        DeleteAsync(new DeleteManyModel<TDocument>(filter) { Hint = options?.Hint }, options, cancellationToken);

    public Task<DeleteResult> DeleteOneAsync(FilterDefinition<TDocument> filter, CancellationToken cancellationToken = default) =>
        DeleteOneAsync(filter, new(), cancellationToken);

    public Task<DeleteResult> DeleteOneAsync(FilterDefinition<TDocument> filter, DeleteOptions options, CancellationToken cancellationToken = default) =>
        DeleteAsync(new DeleteOneModel<TDocument>(filter) { Hint = options?.Hint }, options, cancellationToken);

    public Task InsertManyAsync(IEnumerable<TDocument> documents, InsertManyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return BulkWriteAsync(documents.Select(document => new InsertOneModel<TDocument>(document)), new()
        {
            BypassDocumentValidation = options?.BypassDocumentValidation,
            Comment = options?.Comment,
            IsOrdered = options?.IsOrdered ?? true,
        }, cancellationToken);
    }

    public Task InsertOneAsync(TDocument document, InsertOneOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteOneAsync(new InsertOneModel<TDocument>(document), new()
        {
            BypassDocumentValidation = options?.BypassDocumentValidation,
            Comment = options?.Comment,
        }, cancellationToken);

    public async Task<ReplaceOneResult> ReplaceOneAsync(
        FilterDefinition<TDocument> filter, TDocument replacement, ReplaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        var model = new ReplaceOneModel<TDocument>(filter, replacement) { Hint = options?.Hint, IsUpsert = options?.IsUpsert ?? false };
        var result = await WriteOneAsync(model, new()
        {
            BypassDocumentValidation = options?.BypassDocumentValidation,
            Comment = options?.Comment,
            Let = options?.Let,
        }, cancellationToken).ConfigureAwait(false);
        return result.IsAcknowledged
            ? new ReplaceOneResult.Acknowledged(result.MatchedCount, result.ModifiedCount, result.Upserts is [var upsert, ..] ? upsert.Id : null)
            : ReplaceOneResult.Unacknowledged.Instance;
    }

    public Task<UpdateResult> UpdateManyAsync(
        FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update, UpdateOptions? options = null, CancellationToken cancellationToken = default) =>
        UpdateAsync(new UpdateManyModel<TDocument>(filter, update)
        {
            ArrayFilters = options?.ArrayFilters,
            Hint = options?.Hint,
            IsUpsert = options?.IsUpsert ?? false,
        }, options, cancellationToken);

    public Task<UpdateResult> UpdateOneAsync(
        FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update, UpdateOptions? options = null, CancellationToken cancellationToken = default) =>
        UpdateAsync(new UpdateOneModel<TDocument>(filter, update)
        {
            ArrayFilters = options?.ArrayFilters,
            Hint = options?.Hint,
            IsUpsert = options?.IsUpsert ?? false,
        }, options, cancellationToken);

    private async Task<UpdateResult> UpdateAsync(WriteModel<TDocument> model, UpdateOptions? options, CancellationToken cancellationToken)
    {
        var result = await WriteOneAsync(model, new()
        {
            BypassDocumentValidation = options?.BypassDocumentValidation,
            Comment = options?.Comment,
            Let = options?.Let,
        }, cancellationToken).ConfigureAwait(false);
        return result.IsAcknowledged
            ? new UpdateResult.Acknowledged(result.MatchedCount, result.ModifiedCount, result.Upserts is [var upsert, ..] ? upsert.Id : null)
            : UpdateResult.Unacknowledged.Instance;
    }

    private async Task<DeleteResult> DeleteAsync(WriteModel<TDocument> model, DeleteOptions? options, CancellationToken cancellationToken)
    {
        var result = await WriteOneAsync(model, new() { Comment = options?.Comment, Let = options?.Let }, cancellationToken).ConfigureAwait(false);
        return result.IsAcknowledged ? new DeleteResult.Acknowledged(result.DeletedCount) : DeleteResult.Unacknowledged.Instance;
    }

    private async Task<BulkWriteResult<TDocument>> WriteOneAsync(WriteModel<TDocument> model, BulkWriteOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(WriteStatements.KindOf(model.ModelType).CommandName, [model], options, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoBulkWriteException<TDocument> e)
        {
            throw new MongoWriteException(e.WriteErrors is [var first, ..] ? first : null, e.WriteConcernError, e);
        }
    }

    private Task<BulkWriteResult<TDocument>> WriteAsync(string operation, WriteModel<TDocument>[] models, BulkWriteOptions options, CancellationToken cancellationToken)
    {
        foreach (var model in models)
        {
            WriteStatements.Check(model);
            if (settings.AssignIdOnInsert && model is InsertOneModel<TDocument> insert)
                AssignId(Results.ToDocument(insert.Document));
        }
        return operations.TracedAsync(operation, name.DatabaseNamespace.DatabaseName, name.CollectionName,
            () => new BulkWriteOperation<TDocument>(operations, name, WriteConcern, options, models).RunAsync(cancellationToken));
    }

    /// <summary>The caller's own document gets the id, so that the caller knows it.</summary>
    private static void AssignId(BsonDocument document)
    {
        if (!document.Contains("_id"))
            document.InsertAt(0, new BsonElement("_id", ObjectId.GenerateNewId()));
    }
}
