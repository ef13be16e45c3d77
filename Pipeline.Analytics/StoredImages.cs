using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>Single documents. Pixels leave the store only when somebody looks at them.</summary>
internal sealed class StoredImages(IMongoCollection<StoredImage> images)
{
    public const int MaxRecent = 100;

    private static readonly ProjectionDefinition<StoredImage, StoredImage> WithoutPixels = Builders<StoredImage>.Projection.Exclude(image => image.Image!.Data);

    // DbConsumer keeps an index in this order.
    private static readonly SortDefinition<StoredImage> NewestFirst = Builders<StoredImage>.Sort.Descending(image => image.StoredAt);

    /// <summary>The images that came last, or were inferred last, newest first.</summary>
    /// <param name="count">1 to <see cref="MaxRecent"/>.</param>
    public async Task<IReadOnlyList<ImageRow>> RecentAsync(int count, CancellationToken cancellationToken)
    {
        var documents = await images.Find(FilterDefinition<StoredImage>.Empty).Sort(NewestFirst).Limit(count).Project(WithoutPixels).ToListAsync(cancellationToken);
        return documents.ConvertAll(ImageRow.Of);
    }

    public async Task<ImageRow?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await FindAsync([id], cancellationToken)) is [var image] ? image : null;

    /// <summary>Those of these ids that are stored, in no order.</summary>
    /// <param name="ids">A few.</param>
    public async Task<IReadOnlyList<ImageRow>> FindAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var documents = await images.Find(Builders<StoredImage>.Filter.In(image => image.Id, ids)).Project(WithoutPixels).ToListAsync(cancellationToken);
        return documents.ConvertAll(ImageRow.Of);
    }

    /// <summary>Notes what an image shows, unless that was said later than this.</summary>
    /// <returns>The image as it stands then; null where there is none.</returns>
    public async Task<ImageRow?> SetTruthAsync(GivenTruth truth, CancellationToken cancellationToken)
    {
        await images.UpdateOneAsync(TruthUpdate.FilterOf(truth), TruthUpdate.Of(truth), cancellationToken: cancellationToken);
        return await FindAsync(truth.Id, cancellationToken);
    }

    /// <summary>The picture as a PNG file; null when there is none, or none that could be shown.</summary>
    public async Task<byte[]?> FindPngAsync(string id, CancellationToken cancellationToken)
    {
        var document = await images.Find(Builders<StoredImage>.Filter.Eq(image => image.Id, id)).FirstOrDefaultAsync(cancellationToken);
        return ShownPicture.PngOf(document?.Image);
    }
}
