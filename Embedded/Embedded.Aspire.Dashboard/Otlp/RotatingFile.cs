using System.Globalization;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// A file of lines that only grows: <c>name.ext</c>. When it is full it becomes <c>name-2026-11-21T15-04-05.000.ext</c> and a new
/// one is begun, as the Collector does it.
/// </summary>
/// <remarks>A crash may leave a torn last line. Whoever appends next ends it first; whoever reads skips it.</remarks>
internal sealed class RotatingFile(string path, long maxBytes, int maxFiles, TimeProvider time) : IDisposable
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH-mm-ss.fff";

    private FileStream? _file;

    /// <summary>Appends a line, which must end with a line feed, and rotates the file if that was its last.</summary>
    /// <exception cref="IOException">The disk is full, or the file cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        try
        {
            _file ??= Open();
            _file.Write(line);
            if (_file.Length >= maxBytes) Rotate();
        }
        catch
        {
            Dispose();                               // reopened by the next append, which ends a torn line
            throw;
        }
    }

    public void Flush() => _file?.Flush();

    public void Dispose()
    {
        var file = _file;
        _file = null;
        try { file?.Dispose(); }
        catch (IOException) { }                      // what was buffered did not fit; Append has said so
    }

    /// <summary>The renamed files, oldest first, then the current one.</summary>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        if (!Directory.Exists(FolderOf(path))) return [];
        return [.. RenamedFilesOf(path), .. File.Exists(path) ? [path] : Array.Empty<string>()];
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(FolderOf(path));
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n') file.WriteByte((byte)'\n');
        }
        return file;
    }

    private void Rotate()
    {
        Dispose();
        var moment = time.GetUtcNow();
        while (File.Exists(RenamedPath(moment))) moment = moment.AddMilliseconds(1);
        File.Move(path, RenamedPath(moment));
        foreach (var old in RenamedFilesOf(path).SkipLast(maxFiles)) File.Delete(old);
    }

    private string RenamedPath(DateTimeOffset moment) => System.IO.Path.Combine(FolderOf(path),
        $"{Path.GetFileNameWithoutExtension(path)}-{moment.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture)}{Path.GetExtension(path)}");

    // Their time is part of their name, and orders them.
    private static IEnumerable<string> RenamedFilesOf(string path)
    {
        var prefix = Path.GetFileNameWithoutExtension(path) + "-";
        return Directory.EnumerateFiles(FolderOf(path), $"{prefix}*{Path.GetExtension(path)}")
            .Where(file => DateTime.TryParseExact(Path.GetFileNameWithoutExtension(file)[prefix.Length..], TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            .Order(StringComparer.Ordinal);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
