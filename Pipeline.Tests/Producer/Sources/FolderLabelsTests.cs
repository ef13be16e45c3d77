using Embedded.Tests.Support;
using Pipeline.Producer.Sources;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Producer.Sources;

/// <summary>Which folders' names are the truth.</summary>
public sealed class FolderLabelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ship/1.jpg", "ship")]
    [InlineData("all/Automobile/1.jpg", "car")]
    [InlineData("2026-03-01/1.jpg", null)]
    [InlineData("1.jpg", null)]
    public void Without_a_model_of_ones_own_they_are_named_after_the_ten_of_CIFAR_10(string path, string? truth) =>
        Assert.Equal(truth, FolderLabels.Of(model: null).TruthOf(path));

    [Theory]
    [InlineData("red/1.jpg", "red")]
    [InlineData("a/RED/1.jpg", "red")]
    [InlineData("ship/1.jpg", null)]
    public void The_labels_of_a_model_are_found_by_its_file_and_by_its_folder(string path, string? truth)
    {
        var file = new AModel().Write(_folder.Path);

        Assert.Equal([truth, truth], new[] { file, _folder.Path }.Select(model => FolderLabels.Of(model).TruthOf(path)));
    }

    [Fact]
    public void Labels_in_a_file_beside_it_and_in_its_metadata_count_as_well()
    {
        new AModel().Write(_folder.File("a"), """{ /* welds */ "Labels": "names.txt", }""");
        File.WriteAllLines(_folder.File("a/names.txt"), ["crack", "", "pore"]);
        new AModel { CardInside = """{"labels": ["crack", "pore"]}""" }.Write(_folder.File("b"), card: null);

        Assert.All((string[])["a", "b"], name => Assert.Equal("pore", FolderLabels.Of(_folder.File(name)).TruthOf("pore/1.jpg")));
    }

    [Fact]
    public void Of_labels_that_differ_by_case_alone_the_name_says_which()
    {
        new AModel().Write(_folder.Path, """{"labels": ["a", "A"]}""");
        var labels = FolderLabels.Of(_folder.Path);

        Assert.Equal(["a", "A"], new[] { "a/1.jpg", "A/1.jpg" }.Select(labels.TruthOf));
    }

    [Theory]
    [InlineData("half a card")]
    [InlineData("""{"labels": "missing.txt"}""")]
    [InlineData("""{"name": "mine"}""")]
    [InlineData(null)]
    public void Where_a_model_names_none_they_are_those_of_CIFAR_10(string? card)
    {
        new AModel().Write(_folder.Path, card);

        Assert.Equal("ship", FolderLabels.Of(_folder.Path).TruthOf("ship/1.jpg"));
    }

    [Fact]
    public void A_model_that_is_not_there_or_is_none_is_not_the_producers_affair()
    {
        File.WriteAllText(_folder.File("broken.onnx"), "half a mod");

        Assert.All((string[])["broken.onnx", "missing.onnx"], name => Assert.Equal("ship", FolderLabels.Of(_folder.File(name)).TruthOf("ship/1.jpg")));
    }
}
