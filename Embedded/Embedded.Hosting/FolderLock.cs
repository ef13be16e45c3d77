namespace Embedded.Hosting;

/// <summary>Keeps a data folder to one server, and a server to its own folders.</summary>
internal static class FolderLock
{
    /// <summary>Holds the file until it is disposed of or this process ends, however it ends; null: another process holds it.</summary>
    /// <exception cref="IOException">It cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static FileStream? TryTake(string path)
    {
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException problem) when (IsHeld(problem))
        {
            return null;
        }

        try
        {
            held.Write("held while a server runs\n"u8);              // a full disk shows here, and not in the middle of something
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The name of something in the folder that is not of this server, null where there is none. Hidden files are nobody's.</summary>
    /// <param name="folder">It exists.</param>
    /// <param name="mark">The file that makes a folder this server's, whatever else is in it.</param>
    /// <param name="own">What a first start may have left before the mark.</param>
    public static string? FindForeign(string folder, string mark, params string[] own) => File.Exists(Path.Combine(folder, mark))
        ? null
        : Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry))
            .FirstOrDefault(name => name[0] != '.' && name != "lost+found" && !own.Contains(name));

    /// <summary>Windows' sharing and lock violations, and the EAGAIN of Linux and of macOS.</summary>
    private static bool IsHeld(IOException problem) => problem.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;
}
