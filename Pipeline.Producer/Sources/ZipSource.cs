using System.IO.Compression;
using System.Runtime.CompilerServices;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Producer.Sources;

/// <summary>The pictures in a zip archive, in the order of their paths.</summary>
internal sealed class ZipSource(string path, FolderLabels labels) : IPictureSource
{
    private readonly FileBuffer _buffer = new();

    public async IAsyncEnumerable<Frame> ReadAsync(Pace pace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var archive = Open();
        foreach (var entry in archive.Entries.Where(IsFile).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            yield return await Frame.OfFileAsync(await ReadAsync(entry, cancellationToken), entry.FullName, labels, pace, cancellationToken);
        }
    }

    private static bool IsFile(ZipArchiveEntry entry) => entry.Name.Length > 0 && !PicturePath.IsHidden(entry.FullName);

    private ZipArchive Open()
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException damaged)
        {
            throw new SourceAwayException($"it is damaged, or no zip archive: {damaged.Message}", damaged);
        }
    }

    private async Task<Parsed<Picture>> ReadAsync(ZipArchiveEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await entry.OpenAsync(cancellationToken);
            return Frame.PictureOf(await _buffer.ReadAsync(file, entry.Length, cancellationToken));
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return new Problem(ProblemKind.BrokenPicture, $"it is damaged in the archive: {damaged.Message}");
        }
    }
}
