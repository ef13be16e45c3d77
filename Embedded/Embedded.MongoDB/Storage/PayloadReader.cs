using Embedded.MongoDB.Wire;

namespace Embedded.MongoDB.Storage;

/// <summary>Finds the payloads that stand outside their rows.</summary>
internal readonly struct PayloadReader(SqliteConnection connection, CollectionSql sql)
{
    /// <summary>The id of a payload: rows count up, so payloads of neighbouring rows are neighbours on disk.</summary>
    public static long IdOf(long row, byte ordinal) => row * 256 + ordinal;

    /// <summary>Appends a payload's bytes.</summary>
    /// <exception cref="InvalidDataException">It is missing or has another length than its row says.</exception>
    public void Append(long row, PayloadEntry entry, PooledBuffer output)
    {
        var statement = connection.Cached(sql.PayloadById).Bind(1, IdOf(row, entry.Ordinal));
        try
        {
            if (!statement.Step() || statement.Blob(0).Length != entry.LengthBytes)
            {
                throw new InvalidDataException($"row {row} lacks its payload {entry.Ordinal}");
            }

            output.Write(statement.Blob(0));
        }
        finally
        {
            statement.Reset();
        }
    }
}
