using System.Globalization;

namespace MongoDB.Driver;

/// <summary>The server does not know the cursor any more: it was idle for too long, or the server was restarted.</summary>
public class MongoCursorNotFoundException : MongoQueryException
{
    internal MongoCursorNotFoundException(long cursorId)
        : base(string.Create(CultureInfo.InvariantCulture, $"Cursor {cursorId} not found on the server.")) => CursorId = cursorId;

    /// <summary>The server's number for the cursor.</summary>
    public long CursorId { get; }
}
