namespace Embedded.MongoDB.Storage;

/// <summary>SQLite refused. The result code decides what a client hears: a full disk, damage, or an error of ours.</summary>
internal sealed class SqliteException(int resultCode, string message) : Exception($"SQLite {resultCode}: {message}")
{
    /// <summary>SQLite's extended result code.</summary>
    public int ResultCode { get; } = resultCode;

    /// <summary>The disk is full, failed, or may not be written.</summary>
    public bool IsDiskTrouble => (ResultCode & 0xff) is SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY;

    /// <summary>A statement was prepared for a table that has been dropped since.</summary>
    public bool IsMissingTable => ResultCode == SQLitePCL.raw.SQLITE_ERROR && Message.Contains("no such table", StringComparison.Ordinal);

    /// <summary>The file holds something else, or is damaged.</summary>
    public bool IsDamage => (ResultCode & 0xff) is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;
}
