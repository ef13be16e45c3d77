using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Embedded.MongoDB.Cursors;

/// <summary>A result that is not read to its end.</summary>
/// <param name="Id">A random positive number, so that nobody guesses another's.</param>
/// <param name="Namespace">The collection that getMore must name again.</param>
/// <param name="SessionId">The session that opened it, empty for none.</param>
/// <param name="Source">The rest.</param>
internal sealed record ServerCursor(long Id, string Namespace, byte[] SessionId, ResultSource Source)
{
    public DateTimeOffset LastUsedAt { get; set; }
}

/// <summary>
/// The open cursors. A cursor that is being read is not in the table, so two requests never meet on one; what is not asked
/// for within ten minutes is closed.
/// </summary>
internal sealed class CursorTable
{
    private const int MaxCursorCount = 100_000;
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, ServerCursor> _cursors = [];

    public int Count => _cursors.Count;

    /// <exception cref="CommandException">Too many are open.</exception>
    public ServerCursor Add(string ns, byte[] sessionId, ResultSource source)
    {
        if (_cursors.Count >= MaxCursorCount)
        {
            source.Dispose();
            throw new CommandException(ErrorCode.OperationFailed, $"{MaxCursorCount} cursors are open; read them to their ends or kill them");
        }

        var id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
        var cursor = new ServerCursor(id == 0 ? 1 : id, ns, sessionId, source);
        PutBack(cursor);
        return cursor;
    }

    /// <summary>Takes a cursor out to read from it; null where there is none of that number.</summary>
    public ServerCursor? Take(long id) => _cursors.TryRemove(id, out var cursor) ? cursor : null;

    public void PutBack(ServerCursor cursor)
    {
        cursor.LastUsedAt = TimeProvider.System.GetUtcNow();
        _cursors[cursor.Id] = cursor;
    }

    public bool Kill(long id)
    {
        if (Take(id) is not { } cursor)
        {
            return false;
        }

        cursor.Source.Dispose();
        return true;
    }

    /// <summary>The server stops.</summary>
    public void KillAll()
    {
        foreach (var id in _cursors.Keys)
        {
            Kill(id);
        }
    }

    public void KillSession(ReadOnlySpan<byte> sessionId)
    {
        foreach (var cursor in _cursors.Values)
        {
            if (cursor.SessionId.Length > 0 && sessionId.SequenceEqual(cursor.SessionId))
            {
                Kill(cursor.Id);
            }
        }
    }

    public void KillNamespace(string ns)
    {
        foreach (var cursor in _cursors.Values)
        {
            if (cursor.Namespace == ns)
            {
                Kill(cursor.Id);
            }
        }
    }

    public void KillIdle(DateTimeOffset now)
    {
        foreach (var cursor in _cursors.Values)
        {
            if (now - cursor.LastUsedAt > IdleTime)
            {
                Kill(cursor.Id);
            }
        }
    }
}
