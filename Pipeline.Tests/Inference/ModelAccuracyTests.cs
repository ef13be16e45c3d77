using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.Producer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>Holds the shipped model to its card, models/README.md, through the code that the services run.</summary>
public class ModelAccuracyTests
{
    [Theory]
    [InlineData(0, 933)]
    [InlineData(0.04, 907)]
    [InlineData(0.08, 877)]
    public void Of_the_1000_pictures_of_the_sample_it_knows_as_many_as_its_card_says(double noise, int right) =>
        Assert.Equal(right, CountRight(Cifar10.Load(Cifar10Folders.Sample), noise));

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData(0, 9255)]
    [InlineData(0.04, 9119)]
    [InlineData(0.08, 8749)]
    public void Of_the_10000_test_pictures_it_knows_as_many_as_its_card_says(double noise, int right) =>
        // Three have two classes within 0.001 of each other: there another processor's rounding may decide.
        Assert.InRange(CountRight(WholeCifar10.Load(), noise), right - 3, right + 3);

    private static int CountRight(Cifar10 pictures, double noise)
    {
        const int batch = 50;
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions { MaxBatch = batch }));
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
                if (Labels.All[ResultPublisher.IndexOfMax(probabilities.Slice(i * 10, 10))] == pictures.Label(number * batch + i))
                {
                    Interlocked.Increment(ref right);
                }
            }
        });
        return right;
    }
}
