namespace Embedded.MongoDB.Storage;

/// <summary>
/// The table of one secondary index and the statements on it: <c>k</c> is the key of <see cref="KeyEncoding"/>, <c>r</c>
/// the row it leads to. In a unique index a key leads to one row only.
/// </summary>
internal sealed class IndexSql(long id, bool isUnique)
{
    public string Create { get; } = isUnique
        ? $"CREATE TABLE x{id}(k BLOB NOT NULL PRIMARY KEY, r INTEGER NOT NULL) WITHOUT ROWID"
        : $"CREATE TABLE x{id}(k BLOB NOT NULL, r INTEGER NOT NULL, PRIMARY KEY(k, r)) WITHOUT ROWID";

    public string Drop { get; } = $"DROP TABLE x{id}";

    public string RowOfKey { get; } = $"SELECT r FROM x{id} WHERE k = ?1";

    public string Insert { get; } = $"INSERT INTO x{id}(k, r) VALUES (?1, ?2)";

    public string Delete { get; } = $"DELETE FROM x{id} WHERE k = ?1 AND r = ?2";

    /// <summary>From a position (exclusive) to an end (exclusive), upwards.</summary>
    public string Forward { get; } = $"SELECT k, r FROM x{id} WHERE (k, r) > (?1, ?2) AND k < ?3 ORDER BY k, r";

    /// <summary>From a position (exclusive) to an end (inclusive), downwards.</summary>
    public string Backward { get; } = $"SELECT k, r FROM x{id} WHERE (k, r) < (?1, ?2) AND k >= ?3 ORDER BY k DESC, r DESC";

    public string Contains { get; } = $"SELECT 1 FROM x{id} WHERE k = ?1 AND r = ?2";

    public string CountAll { get; } = $"SELECT count(*) FROM x{id}";
}
