using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.ServiceDefaults;

namespace Pipeline.Tests.Inference;

public class ImageClassifierTests
{
    [Fact]
    public void Each_row_is_a_distribution_and_does_not_depend_on_its_batch()
    {
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions()));
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

    [Fact]
    public void Its_version_is_the_hash_of_the_file()
    {
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions()));

        Assert.Equal(("resnet20-cifar10", "44a2e68a0960", "fp32"), (classifier.ModelName, classifier.ModelVersion, classifier.ModelPrecision));
    }

    [Fact]
    public void A_missing_model_is_one_line_with_the_remedy()
    {
        var missing = Assert.Throws<StartupException>(() => new ImageClassifier(Options.Create(new ModelOptions { Path = "models/nowhere.onnx" })));

        Assert.Contains("Model__Path", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing.Message);
    }

    [Fact]
    public void A_file_that_is_no_model_is_one_line_with_the_remedy()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "not a model");

            var refused = Assert.Throws<StartupException>(() => new ImageClassifier(Options.Create(new ModelOptions { Path = file })));

            Assert.Contains("does not accept", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
