using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.Producer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>Holds the shipped models to their card, models/README.md, through the code that the services run.</summary>
public class ModelAccuracyTests
{
    [Theory]
    [InlineData("fp32", 0, 933)]
    [InlineData("fp32", 0.04, 907)]
    [InlineData("fp32", 0.08, 877)]
    [InlineData("int8", 0, 937)]
    [InlineData("int8", 0.04, 906)]
    [InlineData("int8", 0.08, 882)]
    public void Of_the_1000_pictures_of_the_sample_each_knows_as_many_as_its_card_says(string model, double noise, int right) =>
        Assert.Equal(right, CountRight(model, Cifar10.Load(Cifar10Folders.Sample), noise));

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("fp32", 0, 9255)]
    [InlineData("fp32", 0.04, 9119)]
    [InlineData("fp32", 0.08, 8749)]
    [InlineData("int8", 0, 9251)]
    [InlineData("int8", 0.04, 9119)]
    [InlineData("int8", 0.08, 8747)]
    public void Of_the_10000_test_pictures_each_knows_as_many_as_its_card_says(string model, double noise, int right) =>
        // Three have two classes within 0.001 of each other: there another processor's rounding may decide.
        Assert.InRange(CountRight(model, WholeCifar10.Load(), noise), right - 3, right + 3);

    private static int CountRight(string model, Cifar10 pictures, double noise)
    {
        const int batch = 50;
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions { Name = model, MaxBatch = batch }));
        var right = 0;
        Parallel.For(0, pictures.Count / batch, number =>
        {
            using var runner = classifier.CreateRunner();
            var sensor = new SensorNoise(noise, seed: number);
            for (var i = 0; i < batch; i++)
            {
                sensor.Add(pictures.Pixels(number * batch + i), runner.Pixels(i));
            }

            var probabilities = runner.Run(batch);
            for (var i = 0; i < batch; i++)
            {
                if (Labels.All[Prediction.IndexOfMax(probabilities.Slice(i * 10, 10))] == pictures.Label(number * batch + i))
                {
                    Interlocked.Increment(ref right);
                }
            }
        });
        return right;
    }
}
