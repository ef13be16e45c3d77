using System.Formats.Tar;
using System.IO.Compression;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Producer;
using Pipeline.ServiceDefaults;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Producer;

public class Cifar10Tests
{
    [Fact]
    public void The_sample_has_a_hundred_pictures_of_each_class_well_mixed()
    {
        var sample = Cifar10.Load(Cifar10Folders.Sample);

        Assert.Equal("1,000 CIFAR-10 test images (sample), 32x32", Pictures.Describe(sample.Count));
        foreach (var group in Enumerable.Range(0, sample.Count).GroupBy(sample.Label))
        {
            Assert.Equal(100, group.Count());
        }

        Assert.Equal(["cat", "ship", "ship", "plane"], Enumerable.Range(0, 4).Select(sample.Label));
        Assert.Equal([158, 112, 49], sample.Pixels(0)[..3].ToArray());          // the first pixel of CIFAR-10's first test picture
    }

    [Fact]
    public void The_sample_is_the_first_hundred_of_each_class_and_can_be_made_anew()
    {
        var all = WholeCifar10.Load();
        Assert.Equal("10,000 CIFAR-10 test images, 32x32", Pictures.Describe(all.Count));
        using var folder = new TemporaryFolder();

        Commands.MakeSample(Cifar10Folders.Fetched, folder.Path);

        var firsts = Labels.All.SelectMany(label => Enumerable.Range(0, all.Count).Where(i => all.Label(i) == label).Take(100)).Order().ToArray();
        foreach (var sample in new[] { Cifar10.Load(Cifar10Folders.Sample), Cifar10.Load(folder.Path) })
        {
            AssertSame(all, firsts, sample);
        }
    }

    [Fact]
    public void What_is_saved_is_loaded_again()
    {
        var sample = Cifar10.Load(Cifar10Folders.Sample);
        int[] some = [.. Enumerable.Range(0, 40)];
        using var folder = new TemporaryFolder();

        sample.Pick(some).Save(folder.Path);

        AssertSame(sample, some, Cifar10.Load(folder.Path));
    }

    [Fact]
    public void The_official_archive_is_read_like_a_sheet()
    {
        var sample = Cifar10.Load(Cifar10Folders.Sample);
        int[] tenTimes = [.. Enumerable.Range(0, 10_000).Select(i => i % sample.Count)];
        using var folder = new TemporaryFolder();
        var archive = folder.File("cifar-10-binary.tar.gz");
        WriteOfficialArchive(archive, sample.Pick(tenTimes));

        AssertSame(sample, tenTimes, Cifar10.Load(archive));
    }

    [Fact]
    public void A_missing_data_set_is_one_line_with_the_remedy()
    {
        var missing = Assert.Throws<StartupException>(() => Cifar10.Load(Path.Combine(Path.GetTempPath(), "nothing-here")));

        Assert.Contains("Cameras__Dataset", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing.Message);
    }

    [Fact]
    public void A_damaged_data_set_is_one_line_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        var (sheet, labels, archive) = (folder.File(Cifar10.SheetName), folder.File(Cifar10.LabelsName), folder.File("archive.tar.gz"));
        var whole = File.ReadAllBytes(Path.Combine(Cifar10Folders.Sample, Cifar10.SheetName));

        File.Copy(Path.Combine(Cifar10Folders.Sample, Cifar10.LabelsName), labels);
        File.WriteAllBytes(sheet, whole[..100_000]);
        AssertDamaged(folder.Path);

        File.WriteAllBytes(sheet, whole);
        foreach (var wrong in new[] { "[]", "[1, 2, 3]", "[10]", "{}", "" })
        {
            File.WriteAllText(labels, wrong);
            AssertDamaged(folder.Path);
        }

        File.WriteAllText(archive, "not an archive");
        AssertDamaged(archive);
    }

    private static void AssertDamaged(string path)
    {
        var damaged = Assert.Throws<StartupException>(() => Cifar10.Load(path));
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', damaged.Message);
    }

    private static void AssertSame(Cifar10 expected, int[] indices, Cifar10 read)
    {
        Assert.Equal(indices.Length, read.Count);
        for (var i = 0; i < indices.Length; i++)
        {
            Assert.Equal(expected.Label(indices[i]), read.Label(i));
            Assert.True(expected.Pixels(indices[i]).SequenceEqual(read.Pixels(i)), $"picture {i} differs");
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
            {
                (planes[p], planes[1024 + p], planes[2048 + p]) = (pixels[p * 3], pixels[p * 3 + 1], pixels[p * 3 + 2]);
            }

            batch.Write(planes);
        }
        batch.Position = 0;
        using var file = File.Create(path);
        using var zipped = new GZipStream(file, CompressionLevel.Fastest);
        using var archive = new TarWriter(zipped);
        archive.WriteEntry(
            new UstarTarEntry(TarEntryType.RegularFile, "cifar-10-batches-bin/readme.html") { DataStream = new MemoryStream("about"u8.ToArray()) });
        archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "cifar-10-batches-bin/test_batch.bin") { DataStream = batch });
    }
}
