using System.Collections.Immutable;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// The collections of one database file. Readers see the catalog of the last commit; the writer publishes a new one after
/// the commit that changed it.
/// </summary>
internal sealed record Catalog(ImmutableSortedDictionary<string, Collection> Collections)
{
    /// <summary>Written to <c>PRAGMA user_version</c>. A file with a higher number belongs to a newer release.</summary>
    public const int FormatVersion = 1;

    public const string CreateTables =
        "CREATE TABLE _coll(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, uuid BLOB, options BLOB, ndocs INT, nbytes INT);" +
        "CREATE TABLE _idx(id INTEGER PRIMARY KEY AUTOINCREMENT, coll INT, spec BLOB, multikey INT);" +
        "CREATE TABLE _state(id INTEGER PRIMARY KEY, value INT)";

    public Collection? Find(string name) => Collections.GetValueOrDefault(name);

    public static Catalog Load(SqliteConnection connection, string database)
    {
        var indexes = new Dictionary<long, List<CollectionIndex>>();
        using (var rows = connection.Prepare("SELECT id, coll, spec, multikey FROM _idx ORDER BY id"))
        {
            while (rows.Step())
            {
                if (!indexes.TryGetValue(rows.Int64(1), out var list))
                {
                    indexes.Add(rows.Int64(1), list = []);
                }

                list.Add(new(rows.Int64(0), rows.Blob(2).ToArray(), rows.Int64(3) != 0));
            }
        }

        var collections = ImmutableSortedDictionary.CreateBuilder<string, Collection>(StringComparer.Ordinal);
        using (var rows = connection.Prepare("SELECT id, name, uuid, options, ndocs, nbytes FROM _coll"))
        {
            while (rows.Step())
            {
                var id = rows.Int64(0);
                var collection = new Collection(
                    database, id, rows.Text(1), rows.Blob(2).ToArray(), rows.Blob(3).ToArray(),
                    indexes.TryGetValue(id, out var list) ? [.. list] : []);
                collection.Counters.Set(rows.Int64(4), rows.Int64(5));
                collections.Add(collection.Name, collection);
            }
        }

        return new(collections.ToImmutable());
    }
}
