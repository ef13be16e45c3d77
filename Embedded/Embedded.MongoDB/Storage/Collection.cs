using System.Collections.Immutable;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// What the catalog knows about a collection. Immutable, but for the counters, which all versions of it share.
/// </summary>
internal sealed record Collection(string Database, long Id, string Name, byte[] Uuid, byte[] Options, ImmutableArray<CollectionIndex> Indexes)
{
    public CollectionSql Sql { get; } = new(Id);

    public CollectionCounters Counters { get; init; } = new();

    /// <summary>Database and collection, as clients write it.</summary>
    public string Namespace => $"{Database}.{Name}";

    public CollectionIndex? FindIndex(string name)
    {
        foreach (var index in Indexes)
        {
            if (index.Name == name)
            {
                return index;
            }
        }

        return null;
    }
}

/// <summary>How much a collection holds. Written by the writer after a commit, read by anyone.</summary>
internal sealed class CollectionCounters
{
    private long _documents;
    private long _bytes;

    public long Documents => Volatile.Read(ref _documents);

    /// <summary>Bytes of all documents, payloads included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public void Set(long documents, long bytes)
    {
        Volatile.Write(ref _documents, documents);
        Volatile.Write(ref _bytes, bytes);
    }
}
