using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.ServiceDefaults;

namespace Pipeline.Tests.Inference;

public class ImageClassifierTests
{
    [Theory]
    [InlineData("fp32")]
    [InlineData("int8")]
    public void Each_row_is_a_distribution_and_does_not_depend_on_its_batch(string model)
    {
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions { Name = model }));
        using var runner = classifier.CreateRunner();
        var pixels = new byte[8 * 3072];
        new Random(4).NextBytes(pixels);

        for (var i = 0; i < 8; i++)
        {
            pixels.AsSpan(i * 3072, 3072).CopyTo(runner.Pixels(i));
        }

        var together = runner.Run(8).ToArray();

        for (var i = 0; i < 8; i++)
        {
            pixels.AsSpan(i * 3072, 3072).CopyTo(runner.Pixels(0));
            var alone = runner.Run(1).ToArray();
            Assert.Equal(1, alone.Sum(), 1e-5f);
            for (var label = 0; label < Labels.All.Count; label++)
            {
                Assert.Equal(alone[label], together[i * 10 + label], 1e-5f);
            }
        }
    }

    [Theory]
    [InlineData("fp32", "resnet20-cifar10", "44a2e68a0960")]
    [InlineData("Int8", "resnet20-cifar10-int8", "4d1d0b95f247")]
    public void A_model_is_chosen_by_name_and_its_version_is_the_hash_of_the_file(string chosen, string name, string version)
    {
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions { Name = chosen }));

        Assert.Equal((name, version), (classifier.ModelName, classifier.ModelVersion));
        Assert.Equal(chosen, classifier.ModelPrecision, ignoreCase: true);
    }

    [Fact]
    public void A_file_in_the_shape_of_ours_needs_nothing_beside_it()
    {
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions { Name = ShippedModels.Find("fp32")! }));

        Assert.Equal("resnet20-cifar10", classifier.ModelName);
        Assert.Same(Labels.All, classifier.Labels);
    }

    [Fact]
    public void A_model_that_does_not_exist_is_one_line_with_those_that_do()
    {
        var unknown = Assert.Throws<StartupException>(() => new ImageClassifier(Options.Create(new ModelOptions { Name = "int4" })));

        Assert.Contains("'int4'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("one of fp32, int8, or the path of an ONNX file", unknown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', unknown.Message);
    }

    [Fact]
    public void A_file_that_is_no_model_is_one_line_with_the_remedy()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "not a model");

            var refused = Assert.Throws<StartupException>(() => new ImageClassifier(Options.Create(new ModelOptions { Name = file })));

            Assert.Contains("does not accept", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
