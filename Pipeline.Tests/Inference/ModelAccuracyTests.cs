using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.Producer;

namespace Pipeline.Tests.Inference;

/// <summary>Holds the shipped model to its card, through the code that the services run.</summary>
public class ModelAccuracyTests
{
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData(0, 0.92)]
    [InlineData(0.04, 0.90)]
    public void The_model_is_right_as_often_as_its_card_says(double noise, double atLeast)
    {
        var pictures = Cifar10.Load(Cifar10Locator.Find(), Split.Test);
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions { MaxBatch = 50 }));
        var right = 0;

        Parallel.For(0, Environment.ProcessorCount, worker =>
        {
            using var runner = classifier.CreateRunner();
            var sensor = new SensorNoise(noise, seed: worker);
            for (var start = worker * classifier.MaxBatch; start < pictures.Count; start += Environment.ProcessorCount * classifier.MaxBatch)
            {
                for (var i = 0; i < classifier.MaxBatch; i++)
                    sensor.Add(pictures.Pixels(start + i), runner.Pixels(i));
                var probabilities = runner.Run(classifier.MaxBatch);
                for (var i = 0; i < classifier.MaxBatch; i++)
                {
                    if (Labels.All[ResultPublisher.IndexOfMax(probabilities.Slice(i * 10, 10))] == pictures.Label(start + i))
                        Interlocked.Increment(ref right);
                }
            }
        });

        var accuracy = (double)right / pictures.Count;
        TestContext.Current.SendDiagnosticMessage("accuracy {0:P2} with noise {1}", accuracy, noise);
        Assert.InRange(accuracy, atLeast, 1);
    }
}
