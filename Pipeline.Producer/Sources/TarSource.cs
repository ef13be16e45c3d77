using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Pipeline.Producer.Sources;

/// <summary>The pictures in a tar archive, compressed by gzip or not, in the archive's order.</summary>
internal sealed class TarSource(string path, FolderLabels labels) : IPictureSource
{
    private readonly FileBuffer _buffer = new();

    public async IAsyncEnumerable<Frame> ReadAsync(Pace pace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var isPlain = path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);
        await using var archive = new TarReader(isPlain ? file : new GZipStream(file, CompressionMode.Decompress));
        while (await NextAsync(archive, cancellationToken) is { } entry)
        {
            if (entry.DataStream is null || PicturePath.IsHidden(entry.Name))
            {
                continue;                                    // a folder, a link
            }

            var picture = Frame.PictureOf(await _buffer.ReadAsync(entry.DataStream, entry.Length, cancellationToken));
            yield return await Frame.OfFileAsync(picture, entry.Name, labels, pace, cancellationToken);
        }
    }

    private static async ValueTask<TarEntry?> NextAsync(TarReader archive, CancellationToken cancellationToken)
    {
        try
        {
            return await archive.GetNextEntryAsync(copyData: false, cancellationToken);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new SourceAwayException($"it is damaged, or no tar archive: {damaged.Message}", damaged);
        }
    }
}
