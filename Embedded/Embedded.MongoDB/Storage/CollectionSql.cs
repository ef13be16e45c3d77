namespace Embedded.MongoDB.Storage;

/// <summary>
/// The tables of one collection, and every statement that touches them.
/// <code>
/// c&lt;id&gt;  r: row number, counts up and is the natural order · k: the key of _id · d: a <see cref="StoredRow"/>
/// p&lt;id&gt;  id: row * 256 + ordinal · b: a payload
/// </code>
/// </summary>
internal sealed class CollectionSql(long id)
{
    public string Create { get; } =
        $"CREATE TABLE c{id}(r INTEGER PRIMARY KEY, k BLOB NOT NULL, d BLOB NOT NULL);" +
        $"CREATE UNIQUE INDEX k{id} ON c{id}(k);" +
        $"CREATE TABLE p{id}(id INTEGER PRIMARY KEY, b BLOB NOT NULL)";

    public string Drop { get; } = $"DROP TABLE c{id}; DROP TABLE p{id}";

    public string LastRow { get; } = $"SELECT max(r) FROM c{id}";

    public string ByKey { get; } = $"SELECT r, d FROM c{id} WHERE k = ?1";

    public string ByRow { get; } = $"SELECT r, d FROM c{id} WHERE r = ?1";

    public string Forward { get; } = $"SELECT r, d FROM c{id} WHERE r > ?1 ORDER BY r";

    public string Backward { get; } = $"SELECT r, d FROM c{id} WHERE r < ?1 ORDER BY r DESC";

    public string Insert { get; } = $"INSERT INTO c{id}(r, k, d) VALUES (?1, ?2, ?3)";

    public string Update { get; } = $"UPDATE c{id} SET d = ?2 WHERE r = ?1";

    public string Delete { get; } = $"DELETE FROM c{id} WHERE r = ?1";

    public string PayloadById { get; } = $"SELECT b FROM p{id} WHERE id = ?1";

    public string InsertPayload { get; } = $"INSERT INTO p{id}(id, b) VALUES (?1, ?2)";

    public string DeletePayloads { get; } = $"DELETE FROM p{id} WHERE id >= ?1 * 256 AND id < (?1 + 1) * 256";

    public string SaveCounters { get; } = $"UPDATE _coll SET ndocs = ?1, nbytes = ?2 WHERE id = {id}";
}
