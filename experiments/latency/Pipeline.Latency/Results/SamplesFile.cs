using System.Globalization;
using System.IO.Compression;
using System.Text;
using Pipeline.Latency.Traces;

namespace Pipeline.Latency.Results;

/// <summary>The images of one run as compressed CSV: what reports are made from, now and later.</summary>
/// <remarks>Columns: image_id, producer_id, rep, the stamps s c p a r b e q d w k g in Unix ns (empty when absent), batch_size, flags.</remarks>
internal static class SamplesFile
{
    private static readonly string Header = $"image_id,producer_id,rep,{string.Join(',', Stamps.Letters.ToCharArray())},batch_size,flags";
    private static readonly int ColumnCount = Header.Split(',').Length;

    public static async Task WriteAsync(string path, int repetition, IEnumerable<Sample> samples)
    {
        await using var file = File.Create(path);
        await using var zipped = new GZipStream(file, CompressionLevel.SmallestSize);
        await using var writer = new StreamWriter(zipped, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        await writer.WriteLineAsync(Header);
        foreach (var sample in samples)
        {
            string[] row =
            [
                Quote(sample.ImageId), Quote(sample.ProducerId), repetition.ToString(CultureInfo.InvariantCulture),
                .. Enum.GetValues<Stamp>().Select(stamp => sample[stamp]?.ToString(CultureInfo.InvariantCulture) ?? ""),
                sample.BatchSize.ToString(CultureInfo.InvariantCulture), FlagsToText(sample.Flags),
            ];
            await writer.WriteLineAsync(string.Join(',', row));
        }
    }

    /// <exception cref="ExperimentException">The file is missing or damaged.</exception>
    public static async Task<IReadOnlyList<Sample>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            using var reader = new StreamReader(unzipped);
            if (await reader.ReadLineAsync(cancellationToken) != Header)
            {
                throw new InvalidDataException($"its first line is not '{Header}'");
            }

            var samples = new List<Sample>();
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                samples.Add(Parse(line));
            }

            return samples;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or FormatException)
        {
            throw new ExperimentException($"{path} cannot be read: {exception.Message}. A report needs the samples that its run wrote.");
        }
    }

    private static Sample Parse(string line)
    {
        var cells = Split(line);
        if (cells.Count != ColumnCount)
        {
            throw new FormatException($"a line has {cells.Count} columns instead of {ColumnCount}");
        }

        var sample = new Sample
        {
            ImageId = cells[0],
            ProducerId = cells[1],
            BatchSize = int.Parse(cells[^2], CultureInfo.InvariantCulture),
            Flags = cells[^1].Length == 0 ? SampleFlags.None : Enum.Parse<SampleFlags>(cells[^1].Replace('|', ','), ignoreCase: true),
        };
        for (var stamp = 0; stamp < Stamps.Count; stamp++)
        {
            sample[(Stamp)stamp] = cells[3 + stamp].Length == 0 ? null : long.Parse(cells[3 + stamp], CultureInfo.InvariantCulture);
        }

        return sample;
    }

    private static string FlagsToText(SampleFlags flags) =>
        flags == SampleFlags.None ? "" : flags.ToString().ToLowerInvariant().Replace(", ", "|", StringComparison.Ordinal);

    // Ids come from cameras, which may call themselves anything; a line break in one becomes a space.
    private static string Quote(string id)
    {
        var line = id.ReplaceLineEndings(" ");
        return line.AsSpan().ContainsAny(',', '"') ? $"\"{line.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : line;
    }

    private static List<string> Split(string line)
    {
        var cells = new List<string>(ColumnCount);
        for (var at = 0; at <= line.Length;)
        {
            if (at < line.Length && line[at] == '"')
            {
                var cell = new StringBuilder();
                for (at++; at < line.Length; at++)
                {
                    if (line[at] != '"')
                    {
                        cell.Append(line[at]);
                    }
                    else if (at + 1 < line.Length && line[at + 1] == '"')
                    {
                        cell.Append(line[++at]);
                    }
                    else
                    {
                        break;
                    }
                }

                cells.Add(cell.ToString());
                at += 2;
            }
            else
            {
                var end = line.IndexOf(',', at);
                end = end < 0 ? line.Length : end;
                cells.Add(line[at..end]);
                at = end + 1;
            }
        }

        return cells;
    }
}
