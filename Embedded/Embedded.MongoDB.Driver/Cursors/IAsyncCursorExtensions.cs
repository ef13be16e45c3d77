using System.Runtime.CompilerServices;

namespace MongoDB.Driver;

/// <summary>Takes what a cursor brings, and closes it.</summary>
public static class IAsyncCursorExtensions
{
    public static async Task<bool> AnyAsync<TDocument>(this IAsyncCursor<TDocument> cursor, CancellationToken cancellationToken = default)
    {
        using var _ = cursor;
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static async Task<TDocument> FirstAsync<TDocument>(this IAsyncCursor<TDocument> cursor, CancellationToken cancellationToken = default)
    {
        using var _ = cursor;
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false) ? cursor.Current.First() : throw new InvalidOperationException("Sequence contains no elements");
    }

    public static async Task<TDocument> FirstOrDefaultAsync<TDocument>(this IAsyncCursor<TDocument> cursor, CancellationToken cancellationToken = default)
    {
        using var _ = cursor;
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false) ? cursor.Current.First() : default!;
    }

    public static async Task ForEachAsync<TDocument>(this IAsyncCursor<TDocument> cursor, Func<TDocument, Task> processor, CancellationToken cancellationToken = default)
    {
        using var _ = cursor;
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var document in cursor.Current)
                await processor(document).ConfigureAwait(false);
        }
    }

    public static Task ForEachAsync<TDocument>(this IAsyncCursor<TDocument> cursor, Action<TDocument> processor, CancellationToken cancellationToken = default) =>
        cursor.ForEachAsync(document => { processor(document); return Task.CompletedTask; }, cancellationToken);

    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public static async Task<TDocument> SingleAsync<TDocument>(this IAsyncCursor<TDocument> cursor, CancellationToken cancellationToken = default) =>
        (await cursor.ToListAsync(cancellationToken).ConfigureAwait(false)).Single();

    /// <exception cref="InvalidOperationException">There is more than one.</exception>
    public static async Task<TDocument> SingleOrDefaultAsync<TDocument>(this IAsyncCursor<TDocument> cursor, CancellationToken cancellationToken = default) =>
        (await cursor.ToListAsync(cancellationToken).ConfigureAwait(false)).SingleOrDefault()!;

    public static async Task<List<TDocument>> ToListAsync<TDocument>(this IAsyncCursor<TDocument> cursor, CancellationToken cancellationToken = default)
    {
        using var _ = cursor;
        var list = new List<TDocument>();
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            list.AddRange(cursor.Current);
        return list;
    }

    public static async IAsyncEnumerable<TDocument> ToAsyncEnumerable<TDocument>(
        this IAsyncCursor<TDocument> cursor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var _ = cursor;
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var document in cursor.Current)
                yield return document;
        }
    }
}
