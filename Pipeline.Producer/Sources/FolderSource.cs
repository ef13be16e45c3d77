using System.Runtime.CompilerServices;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Producer.Sources;

/// <summary>
/// The pictures in a folder and those below it, in the order of their paths. Looked at anew each time around: files may come and go.
/// </summary>
internal sealed class FolderSource(string folder, FolderLabels labels) : IPictureSource
{
    private static readonly EnumerationOptions WithFoldersBelow =
        new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, AttributesToSkip = FileAttributes.System };

    private readonly FileBuffer _buffer = new();

    public async IAsyncEnumerable<Frame> ReadAsync(Pace pace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var name in Names())
        {
            var picture = await ReadAsync(Path.Combine(folder, name), cancellationToken);
            yield return await Frame.OfFileAsync(picture, name, labels, pace, cancellationToken);
        }
    }

    private IEnumerable<string> Names()
    {
        if (!Directory.Exists(folder))
        {
            throw new SourceAwayException(File.Exists(folder)
                ? "it is a file, and neither an archive (.zip, .tar, .tar.gz) nor a video by its name; name the folder that it is in"
                : "there is no such folder; make it, or correct the path");
        }

        return Directory.EnumerateFiles(folder, "*", WithFoldersBelow)
            .Select(path => Path.GetRelativePath(folder, path)).Where(name => !PicturePath.IsHidden(name)).Order(StringComparer.Ordinal);
    }

    private async Task<Parsed<Picture>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return Frame.PictureOf(await _buffer.ReadAsync(file, file.Length, cancellationToken));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.BrokenPicture, $"it cannot be read: {unreadable.Message}");
        }
    }
}
