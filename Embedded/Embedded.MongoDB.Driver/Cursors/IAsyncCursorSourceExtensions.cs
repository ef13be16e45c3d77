using System.Runtime.CompilerServices;

namespace MongoDB.Driver;

/// <summary>Runs a query and takes its results.</summary>
public static class IAsyncCursorSourceExtensions
{
    public static async Task<bool> AnyAsync<TDocument>(this IAsyncCursorSource<TDocument> source, CancellationToken cancellationToken = default)
    {
        using var cursor = await source.ToCursorAsync(cancellationToken).ConfigureAwait(false);
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static async Task<TDocument> FirstAsync<TDocument>(this IAsyncCursorSource<TDocument> source, CancellationToken cancellationToken = default)
    {
        using var cursor = await source.ToCursorAsync(cancellationToken).ConfigureAwait(false);
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false) ? cursor.Current.First() : throw new InvalidOperationException("Sequence contains no elements");
    }

    public static async Task<TDocument> FirstOrDefaultAsync<TDocument>(this IAsyncCursorSource<TDocument> source, CancellationToken cancellationToken = default)
    {
        using var cursor = await source.ToCursorAsync(cancellationToken).ConfigureAwait(false);
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false) ? cursor.Current.First() : default!;
    }

    public static async Task ForEachAsync<TDocument>(this IAsyncCursorSource<TDocument> source, Func<TDocument, Task> processor, CancellationToken cancellationToken = default)
    {
        using var cursor = await source.ToCursorAsync(cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var document in cursor.Current)
                await processor(document).ConfigureAwait(false);
        }
    }

    public static Task ForEachAsync<TDocument>(this IAsyncCursorSource<TDocument> source, Action<TDocument> processor, CancellationToken cancellationToken = default) =>
        source.ForEachAsync(document => { processor(document); return Task.CompletedTask; }, cancellationToken);

    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public static async Task<TDocument> SingleAsync<TDocument>(this IAsyncCursorSource<TDocument> source, CancellationToken cancellationToken = default) =>
        (await source.ToListAsync(cancellationToken).ConfigureAwait(false)).Single();

    /// <exception cref="InvalidOperationException">There is more than one.</exception>
    public static async Task<TDocument> SingleOrDefaultAsync<TDocument>(this IAsyncCursorSource<TDocument> source, CancellationToken cancellationToken = default) =>
        (await source.ToListAsync(cancellationToken).ConfigureAwait(false)).SingleOrDefault()!;

    public static async Task<List<TDocument>> ToListAsync<TDocument>(this IAsyncCursorSource<TDocument> source, CancellationToken cancellationToken = default)
    {
        using var cursor = await source.ToCursorAsync(cancellationToken).ConfigureAwait(false);
        var list = new List<TDocument>();
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            list.AddRange(cursor.Current);
        return list;
    }

    public static async IAsyncEnumerable<TDocument> ToAsyncEnumerable<TDocument>(
        this IAsyncCursorSource<TDocument> source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var cursor = await source.ToCursorAsync(cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var document in cursor.Current)
                yield return document;
        }
    }
}
