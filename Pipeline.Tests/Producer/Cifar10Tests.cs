using System.Formats.Tar;
using System.IO.Compression;
using Pipeline.Contracts;
using Pipeline.Producer;
using Pipeline.ServiceDefaults;

namespace Pipeline.Tests.Producer;

public class Cifar10Tests
{
    [Fact]
    public void The_test_split_is_whole_and_balanced()
    {
        var pictures = Cifar10.Load(Cifar10Locator.Find(), Split.Test);

        Assert.Equal(10_000, pictures.Count);
        foreach (var group in Enumerable.Range(0, pictures.Count).GroupBy(pictures.Label))
            Assert.Equal(1_000, group.Count());
        Assert.Equal(["cat", "ship", "ship", "plane"], Enumerable.Range(0, 4).Select(pictures.Label));
        Assert.Equal([158, 112, 49], pictures.Pixels(0)[..3].ToArray());        // the first pixel of CIFAR-10's first test picture
    }

    [Fact]
    public void The_official_archive_gives_the_same_pictures_as_the_sheets()
    {
        var sheets = Cifar10.Load(Cifar10Locator.Find(), Split.Test);
        var folder = Directory.CreateTempSubdirectory("cifar10-");
        try
        {
            var archive = Path.Combine(folder.FullName, "cifar-10-binary.tar.gz");
            WriteOfficialArchive(archive, sheets);

            var read = Cifar10.Load(archive, Split.Test);

            for (var i = 0; i < sheets.Count; i++)
            {
                Assert.Equal(sheets.Label(i), read.Label(i));
                Assert.True(sheets.Pixels(i).SequenceEqual(read.Pixels(i)), $"picture {i} differs");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_missing_data_set_is_one_line_with_the_remedy()
    {
        var missing = Assert.Throws<StartupException>(() => Cifar10.Load(Path.Combine(Path.GetTempPath(), "nothing-here"), Split.Test));

        Assert.Contains("Cameras__Dataset", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing.Message);
    }

    [Fact]
    public void A_damaged_data_set_is_one_line_with_the_remedy()
    {
        var folder = Directory.CreateTempSubdirectory("cifar10-");
        try
        {
            File.Copy(Path.Combine(Cifar10Locator.Find(), "test_lables.json"), Path.Combine(folder.FullName, "test_lables.json"));
            File.WriteAllBytes(Path.Combine(folder.FullName, "test_batch.png"), File.ReadAllBytes(Path.Combine(Cifar10Locator.Find(), "test_batch.png"))[..100_000]);
            File.WriteAllText(Path.Combine(folder.FullName, "archive.tar.gz"), "not an archive");

            Assert.Contains("damaged", Assert.Throws<StartupException>(() => Cifar10.Load(folder.FullName, Split.Test)).Message, StringComparison.Ordinal);
            Assert.Contains("damaged", Assert.Throws<StartupException>(() => Cifar10.Load(Path.Combine(folder.FullName, "archive.tar.gz"), Split.Test)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The layout that cs.toronto.edu documents: a label byte, then 1024 red, 1024 green and 1024 blue.</summary>
    private static void WriteOfficialArchive(string path, Cifar10 pictures)
    {
        using var batch = new MemoryStream();
        var planes = new byte[3072];
        for (var i = 0; i < pictures.Count; i++)
        {
            batch.WriteByte((byte)Labels.All.ToList().IndexOf(pictures.Label(i)));
            var pixels = pictures.Pixels(i);
            for (var p = 0; p < 1024; p++)
                (planes[p], planes[1024 + p], planes[2048 + p]) = (pixels[p * 3], pixels[p * 3 + 1], pixels[p * 3 + 2]);
            batch.Write(planes);
        }
        batch.Position = 0;
        using var file = File.Create(path);
        using var zipped = new GZipStream(file, CompressionLevel.Fastest);
        using var archive = new TarWriter(zipped);
        archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "cifar-10-batches-bin/readme.html") { DataStream = new MemoryStream("about"u8.ToArray()) });
        archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "cifar-10-batches-bin/test_batch.bin") { DataStream = batch });
    }
}
