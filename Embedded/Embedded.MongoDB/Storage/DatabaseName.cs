using System.Buffers;
using System.Text;

namespace Embedded.MongoDB.Storage;

/// <summary>Which names databases and collections may have, and how a database's name becomes a file's.</summary>
internal static class DatabaseName
{
    public const string FileEnding = ".db";

    private const int MaxNameBytes = 63;
    private const int MaxNamespaceBytes = 255;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\. \"$*<>:|?\0");

    /// <exception cref="CommandException">73: no database can have this name.</exception>
    public static void Check(string name)
    {
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxNameBytes || name.AsSpan().IndexOfAny(Forbidden) >= 0)
        {
            throw new CommandException(ErrorCode.InvalidNamespace, $"Invalid database name: '{name}'");
        }
    }

    /// <exception cref="CommandException">73: no collection can have this name.</exception>
    public static void CheckCollection(string database, string name)
    {
        if (name.Length == 0 || name[0] == '.' || name[^1] == '.' || name.AsSpan().IndexOfAny('$', '\0') >= 0
            || Encoding.UTF8.GetByteCount(database) + 1 + Encoding.UTF8.GetByteCount(name) > MaxNamespaceBytes)
        {
            throw new CommandException(ErrorCode.InvalidNamespace, $"Invalid collection name: '{name}'");
        }
    }

    public static string ToFileName(string name) => Uri.EscapeDataString(name) + FileEnding;

    public static string FromFileName(string fileName) => Uri.UnescapeDataString(Path.GetFileNameWithoutExtension(fileName));
}
