using Aspire.Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.Latency.Running;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Tests.Experiments;

public sealed class PipelinesTests
{
    [Fact]
    public void The_report_states_what_the_services_are_set_to()
    {
        var kafka = new KafkaProducerSettings();
        kafka.WriteReliably();
        var stated = Pipelines.Default;

        using var classifier = new ImageClassifier(Options.Create(new ModelOptions()));
        Assert.Equal((classifier.ModelName, classifier.ModelPrecision), (stated.Model, stated.Precision));
        Assert.Equal(classifier.MaxBatch, stated.MaxBatch);
        Assert.Equal(Topics.DefaultPartitionCount, stated.Partitions);
        Assert.Equal(kafka.Config.LingerMs, stated.LingerMs);
        Assert.Equal(kafka.Config.Acks.ToString(), stated.Acks, ignoreCase: true);
    }
}
